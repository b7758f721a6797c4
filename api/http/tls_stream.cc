#include "api/http/tls_stream.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace yeyak::http {
namespace {

// OpenSSL's own BIO of a socket writes in a way that ends the process (SIGPIPE) when the client has
// gone.
TlsStream::Socket& socket_of(BIO* bio) {
    return *static_cast<TlsStream::Socket*>(BIO_get_data(bio));
}

bool is_to_be_repeated() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

int write_to_socket(BIO* bio, const char* bytes, int size) {
    BIO_clear_retry_flags(bio);
    const auto sent =
        ::send(socket_of(bio).descriptor, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (sent < 0 && is_to_be_repeated()) BIO_set_retry_write(bio);
    return static_cast<int>(sent);
}

int read_from_socket(BIO* bio, char* to, int size) {
    BIO_clear_retry_flags(bio);
    auto& socket = socket_of(bio);
    const auto most = std::min(static_cast<std::size_t>(size), socket.readable);
    if (most == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    const auto got = ::recv(socket.descriptor, to, most, 0);
    if (got < 0 && is_to_be_repeated()) BIO_set_retry_read(bio);
    if (got == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    if (got > 0) socket.readable -= static_cast<std::size_t>(got);
    return static_cast<int>(got);
}

long control_socket(BIO* bio, int command, long, void*) {
    if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

const BIO_METHOD* socket_method() {
    static const auto* made = [] {
        auto* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
        BIO_meth_set_write(method, write_to_socket);
        BIO_meth_set_read(method, read_from_socket);
        BIO_meth_set_ctrl(method, control_socket);
        return method;
    }();
    return made;
}

// A name that is all visible ASCII. Others could be shown as something else than was signed.
std::string name_of(const ASN1_STRING* text) {
    const auto* bytes = ASN1_STRING_get0_data(text);
    std::string name{bytes, bytes + ASN1_STRING_length(text)};
    const bool visible = std::ranges::all_of(name, [](char c) { return c > ' ' && c <= '~'; });
    return visible ? name : std::string{};
}

std::string alternative_name(const X509* certificate) {
    struct FreeNames {
        void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
    };
    const std::unique_ptr<GENERAL_NAMES, FreeNames> names{static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const auto* name = sk_GENERAL_NAME_value(names.get(), i);
        std::string text;
        if (name->type == GEN_URI) text = name_of(name->d.uniformResourceIdentifier);
        if (name->type == GEN_DNS) text = name_of(name->d.dNSName);
        if (!text.empty()) return (name->type == GEN_URI ? "uri:" : "dns:") + text;
    }
    return {};
}

std::string subject_of(const X509* certificate) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> text{BIO_new(BIO_s_mem()), BIO_free};
    X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
    char* bytes = nullptr;
    const auto size = BIO_get_mem_data(text.get(), &bytes);
    return "subject:" + std::string{bytes, static_cast<std::size_t>(size)};
}

}  // namespace

void TlsStream::Free::operator()(ssl_st* session) const { SSL_free(session); }

std::unique_ptr<TlsStream> accept_on(ssl_ctx_st* context, int descriptor) {
    SSL* session = SSL_new(context);
    if (!session) return nullptr;
    auto stream = std::make_unique<TlsStream>(session, descriptor);
    BIO* socket = BIO_new(socket_method());
    if (!socket) return nullptr;
    BIO_set_data(socket, &stream->socket());
    BIO_set_init(socket, 1);
    SSL_set_bio(session, socket, socket);
    SSL_set_accept_state(session);
    return stream;
}

TlsStream::Step TlsStream::step_of(int result) {
    switch (SSL_get_error(session_.get(), result)) {
        case SSL_ERROR_NONE:
            return Step::done;
        case SSL_ERROR_WANT_READ:
            return Step::wants_read;
        case SSL_ERROR_WANT_WRITE:
            return Step::wants_write;
        case SSL_ERROR_ZERO_RETURN:
            return Step::closed;
        default:
            break;
    }
    established_ = false;  // nothing more can be said on it
    const auto* reason = ERR_reason_error_string(ERR_peek_error());
    reason_ = reason ? reason : "the connection broke";
    return Step::failed;
}

TlsStream::Step TlsStream::handshake() {
    ERR_clear_error();
    socket_.readable = most_of_a_step;
    const auto step = step_of(SSL_do_handshake(session_.get()));
    established_ = step == Step::done;
    return step;
}

TlsStream::Step TlsStream::read(char* to, std::size_t size, std::size_t& got) {
    ERR_clear_error();
    socket_.readable = most_of_a_step;
    return step_of(SSL_read_ex(session_.get(), to, size, &got));
}

TlsStream::Step TlsStream::write(std::string_view& bytes) {
    ERR_clear_error();
    socket_.readable = most_of_a_step;
    std::size_t taken = 0;
    const auto step = step_of(SSL_write_ex(session_.get(), bytes.data(), bytes.size(), &taken));
    if (step == Step::done) bytes.remove_prefix(taken);
    return step;
}

void TlsStream::say_end() {
    if (!established_) return;
    ERR_clear_error();
    SSL_shutdown(session_.get());
    established_ = false;
}

std::string TlsStream::client() const {
    const X509* certificate = SSL_get0_peer_certificate(session_.get());
    if (!certificate || SSL_get_verify_result(session_.get()) != X509_V_OK) return {};
    auto name = alternative_name(certificate);
    return name.empty() ? subject_of(certificate) : name;
}

}  // namespace yeyak::http
