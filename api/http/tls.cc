#include "api/http/tls.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <vector>

namespace yeyak::http {
namespace {

using std::unexpected;
using Path = std::filesystem::path;
using Done = std::expected<void, std::string>;
template <class T>
using Freed = std::unique_ptr<T, void (*)(T*)>;

// What a ticket resumes was agreed upon with its key, so the key is not to lie about for long.
constexpr std::chrono::hours ticket_key_life{24};
constexpr long ticket_life_s = 2 * 3600;
constexpr std::size_t longest_file = 1024 * 1024;
constexpr long longest_client_chain = 32 * 1024;

// Mozilla's "intermediate" without those of finite fields, which no client of TLS 1.2 needs.
constexpr auto suites_of_1_2 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr auto groups = "X25519:P-256:P-384";
constexpr std::string_view protocol = "\x08http/1.1";
// Sessions with a client's certificate are resumed only where one is named (OpenSSL).
constexpr std::string_view session_context = "yeyak";

std::string why() {
    const auto* reason = ERR_reason_error_string(ERR_peek_last_error());
    return reason ? reason : "unknown error";
}

std::expected<std::string, std::string> read_file(const Path& path) {
    std::ifstream file{path, std::ios::binary};
    std::string text(longest_file + 1, '\0');
    if (file) file.read(text.data(), static_cast<std::streamsize>(text.size()));
    const bool whole = file.eof();
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (whole) return text;
    if (text.size() > longest_file)
        return unexpected(
            fmt::format("{} is longer than 1 MiB: it is not a PEM file", path.native()));
    return unexpected(fmt::format("{} cannot be read: {}", path.native(), std::strerror(errno)));
}

Freed<BIO> reader_of(const std::string& text) {
    return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free_all};
}

// Nobody is there to be asked.
int no_passphrase(char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

// Those of a PEM file. Empty when one of them is damaged, too: what stands behind it would be left
// out, and clients would look for it in vain.
std::vector<Freed<X509>> certificates_of(const std::string& text) {
    std::vector<Freed<X509>> found;
    const auto from = reader_of(text);
    ERR_clear_error();
    while (auto* certificate = PEM_read_bio_X509(from.get(), nullptr, nullptr, nullptr))
        found.emplace_back(certificate, X509_free);
    const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    if (!at_end) found.clear();
    return found;
}

Tls::Seconds seconds_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return Tls::Seconds::min();
    return Tls::Seconds{std::chrono::seconds{timegm(&parts)}};
}

Tls::Validity validity_of(const std::vector<Freed<X509>>& certificates) {
    Tls::Validity validity;
    for (const auto& certificate : certificates) {
        const auto begins = seconds_of(X509_get0_notBefore(certificate.get()));
        const auto ends = seconds_of(X509_get0_notAfter(certificate.get()));
        validity = {std::max(validity.begins, begins), std::min(validity.ends, ends)};
    }
    return validity;
}

// RFC 7301: a client that speaks other protocols only is told so.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned int offered_size, void*) {
    const auto* ours = reinterpret_cast<const unsigned char*>(protocol.data());
    auto* found = const_cast<unsigned char*>(*chosen);
    const int outcome = SSL_select_next_proto(
        &found, size, ours, static_cast<unsigned>(protocol.size()), offered, offered_size);
    *chosen = found;
    return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

bool set_rules(SSL_CTX* context) {
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(context, 1);  // one look at the socket for a record, not two
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);  // tickets hold all there is
    SSL_CTX_set_timeout(context, ticket_life_s);
    SSL_CTX_set_max_cert_list(context, longest_client_chain);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(context, suites_of_1_2) == 1 &&
           SSL_CTX_set1_groups_list(context, groups) == 1 &&
           SSL_CTX_set_session_id_context(
               context, reinterpret_cast<const unsigned char*>(session_context.data()),
               static_cast<unsigned>(session_context.size())) == 1;
}

Done use_certificates(SSL_CTX* context, const Path& path,
                      const std::vector<Freed<X509>>& certificates) {
    if (certificates.empty())
        return unexpected(
            fmt::format("{} holds no certificate, or a damaged one: tls.cert takes a PEM file with "
                        "the server's "
                        "certificate, then "
                        "those that lead from it to a root (\"-----BEGIN CERTIFICATE-----\")",
                        path.native()));
    if (SSL_CTX_use_certificate(context, certificates.front().get()) != 1)
        return unexpected(fmt::format(
            "the certificate in {} cannot be used: {}; a key of RSA needs 2048 bits, one for ECDSA "
            "256",
            path.native(), why()));
    for (std::size_t i = 1; i < certificates.size(); ++i)
        if (SSL_CTX_add1_chain_cert(context, certificates[i].get()) != 1)
            return unexpected(fmt::format("certificate {} in {} cannot be used: {}", i + 1,
                                          path.native(), why()));
    return {};
}

Done use_key(SSL_CTX* context, const TlsFiles& files, const std::string& text) {
    bool asked = false;
    const Freed<EVP_PKEY> key{
        PEM_read_bio_PrivateKey(reader_of(text).get(), nullptr, no_passphrase, &asked),
        EVP_PKEY_free};
    if (asked)
        return unexpected(fmt::format(
            "the key in {0} has a passphrase, and nobody is there to type it: write it without one "
            "(openssl pkey -in {0} -out NEW), readable by the server's account only",
            files.key.native()));
    if (!key)
        return unexpected(fmt::format(
            "{} holds no private key: tls.key takes a PEM file (\"-----BEGIN PRIVATE KEY-----\")",
            files.key.native()));
    if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1)
        return unexpected(fmt::format(
            "the key in {} does not fit the certificate in {}: the server's own certificate comes "
            "first in its file, and both are renewed together",
            files.key.native(), files.certificate.native()));
    return {};
}

Done ask_clients(SSL_CTX* context, const TlsFiles& files, const std::string& text) {
    const auto roots = certificates_of(text);
    // Whoever signs clients need not be a root himself.
    X509_STORE_set_flags(SSL_CTX_get_cert_store(context), X509_V_FLAG_PARTIAL_CHAIN);
    if (roots.empty())
        return unexpected(
            fmt::format("{} holds no certificate, or a damaged one: tls.client_ca takes a PEM file "
                        "with those that sign the "
                        "certificates of clients",
                        files.client_ca->native()));
    for (const auto& root : roots)
        if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), root.get()) != 1 ||
            SSL_CTX_add_client_CA(context, root.get()) != 1)
            return unexpected(fmt::format("a certificate in {} cannot be used: {}",
                                          files.client_ca->native(), why()));
    const int required = files.client_required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | required, nullptr);
    return {};
}

}  // namespace

std::expected<Tls::Texts, std::string> Tls::read() const {
    Texts texts;
    for (const auto& [path, text] :
         {std::pair{&files_.certificate, &texts.certificate}, std::pair{&files_.key, &texts.key}}) {
        auto read = read_file(*path);
        if (!read) return unexpected(read.error());
        *text = *std::move(read);
    }
    if (!files_.client_ca) return texts;
    auto read = read_file(*files_.client_ca);
    if (!read) return unexpected(read.error());
    texts.client_ca = *std::move(read);
    return texts;
}

std::expected<Tls::Context, std::string> Tls::make(const Texts& texts) const {
    ERR_clear_error();
    Context made{{SSL_CTX_new(TLS_server_method()), SSL_CTX_free}, {}, Clock::now()};
    auto* context = made.context.get();
    if (!context || !set_rules(context))
        return unexpected("OpenSSL refuses its settings: " + why());
    const auto certificates = certificates_of(texts.certificate);
    auto done = use_certificates(context, files_.certificate, certificates);
    if (done) done = use_key(context, files_, texts.key);
    if (done && texts.client_ca) done = ask_clients(context, files_, *texts.client_ca);
    if (!done) return unexpected(done.error());
    made.validity = validity_of(certificates);
    return made;
}

std::expected<std::shared_ptr<Tls>, std::string> Tls::load(TlsFiles files) {
    std::shared_ptr<Tls> tls{new Tls{std::move(files)}};
    const auto done = tls->reload();
    if (!done) return unexpected(done.error());
    return tls;
}

Done Tls::reload() {
    auto texts = read();
    if (!texts) return unexpected(texts.error());
    auto made = make(*texts);
    if (!made) return unexpected(made.error());
    const std::lock_guard lock{mutex_};
    texts_ = *std::move(texts);
    now_ = *std::move(made);
    return {};
}

Tls::Validity Tls::validity() const {
    const std::lock_guard lock{mutex_};
    return now_.validity;
}

std::unique_ptr<TlsStream> Tls::accept(int descriptor) {
    const std::lock_guard lock{mutex_};
    if (Clock::now() - now_.made_at > ticket_key_life) {
        // A new context has new keys for tickets. It was made of the same texts before.
        if (auto made = make(texts_)) now_ = *std::move(made);
    }
    return accept_on(now_.context.get(), descriptor);
}

}  // namespace yeyak::http
