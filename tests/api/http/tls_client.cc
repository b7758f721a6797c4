#include "tests/api/http/tls_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <csignal>

namespace yeyak::http::testing {
namespace {

int connect_to(std::uint16_t port) {
    std::signal(SIGPIPE, SIG_IGN);  // a server that has gone is seen by what is read
    const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval longest{10, 0};
    setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* to = reinterpret_cast<const sockaddr*>(&address);
    return ::connect(made, to, sizeof address) == 0 ? made : -1;
}

template <class T, class Read, class Free>
std::shared_ptr<T> from_pem(const std::string& text, Read read, Free free) {
    BIO* bio = BIO_new_mem_buf(text.data(), static_cast<int>(text.size()));
    std::shared_ptr<T> made{read(bio, nullptr, nullptr, nullptr), free};
    BIO_free(bio);
    return made;
}

std::shared_ptr<X509> certificate_from(const std::string& text) {
    return from_pem<X509>(text, PEM_read_bio_X509, X509_free);
}

std::shared_ptr<SSL_CTX> make_context(const TlsClientOptions& options) {
    std::shared_ptr<SSL_CTX> made{SSL_CTX_new(TLS_client_method()), SSL_CTX_free};
    auto* context = made.get();
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate_from(options.trusted).get());
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    if (options.version != 0) {
        // An old version is offered only where the old ways to sign are allowed.
        SSL_CTX_set_security_level(context, 0);
        SSL_CTX_set_min_proto_version(context, options.version);
        SSL_CTX_set_max_proto_version(context, options.version);
    }
    if (options.shown) {
        const auto certificate = certificate_from(options.shown->certificate);
        const auto key =
            from_pem<EVP_PKEY>(options.shown->key, PEM_read_bio_PrivateKey, EVP_PKEY_free);
        SSL_CTX_use_certificate(context, certificate.get());
        SSL_CTX_use_PrivateKey(context, key.get());
    }
    if (!options.alpn.empty())
        SSL_CTX_set_alpn_protos(context,
                                reinterpret_cast<const unsigned char*>(options.alpn.data()),
                                static_cast<unsigned>(options.alpn.size()));
    return made;
}

}  // namespace

TlsClient::TlsClient(std::uint16_t port, const TlsClientOptions& options)
    : socket_(connect_to(port)),
      context_(make_context(options)),
      session_(SSL_new(context_.get()), SSL_free) {
    SSL_set_fd(session_.get(), socket_);
    SSL_set1_host(session_.get(), "localhost");
    connected_ = SSL_connect(session_.get()) == 1;
}

TlsClient::~TlsClient() {
    if (socket_ >= 0) ::close(socket_);
}

std::string TlsClient::version() const { return SSL_get_version(session_.get()); }

std::string TlsClient::protocol() const {
    const unsigned char* chosen = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(session_.get(), &chosen, &size);
    return {reinterpret_cast<const char*>(chosen), size};
}

std::string TlsClient::subject() const {
    const X509* shown = SSL_get0_peer_certificate(session_.get());
    if (!shown) return {};
    char name[256] = "";
    X509_NAME_get_text_by_NID(X509_get_subject_name(shown), NID_commonName, name, sizeof name);
    return name;
}

void TlsClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        std::size_t taken = 0;
        if (SSL_write_ex(session_.get(), bytes.data(), bytes.size(), &taken) != 1) return;
        bytes.remove_prefix(taken);
    }
}

bool TlsClient::fill() {
    char piece[16 * 1024];
    std::size_t got = 0;
    ERR_clear_error();
    const int read = SSL_read_ex(session_.get(), piece, sizeof piece, &got);
    if (read == 1) buffer_.append(piece, got);
    told_end_ = SSL_get_error(session_.get(), read) == SSL_ERROR_ZERO_RETURN;
    return read == 1;
}

bool TlsClient::wait_for(std::string_view text) {
    while (buffer_.find(text) == std::string::npos)
        if (!fill()) return false;
    return true;
}

std::string TlsClient::answer() {
    if (!wait_for("\r\n\r\n")) return "closed";
    std::size_t size = buffer_.find("\r\n\r\n") + 4;
    const std::size_t length = buffer_.find("Content-Length: ");
    if (length < size) size += std::stoul(buffer_.substr(length + 16));
    while (buffer_.size() < size)
        if (!fill()) return "cut short";
    std::string answer = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return answer;
}

std::string TlsClient::rest() {
    while (fill()) {
    }
    return std::move(buffer_);
}

}  // namespace yeyak::http::testing
