// The server's side of one TLS connection, on a socket that does not block. It waits for nothing:
// each step says what it waits for, and is then to be repeated as it was. The step of the handshake
// that signs takes longest; all others take as long as copying does.
//
// On the executor of its connection. Reading and writing may be under way at the same time.
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct ssl_st;
struct ssl_ctx_st;

namespace yeyak::http {

class TlsStream {
  public:
    enum class Step {
        done,
        wants_read,   // until the socket can be read
        wants_write,  // until it can be written
        closed,       // the client said that it sends nothing more
        failed,       // for good; reason() says why
    };

    // What the session reads and writes.
    struct Socket {
        int descriptor = -1;
        // A step reads so many bytes, and more in the next one: what a client sends that is nothing
        // to us, such as new keys, would else keep one step going for as long as he sends.
        std::size_t readable = 0;
    };
    static constexpr std::size_t most_of_a_step = 64 * 1024;

    // Takes over `session`, whose socket is open until it is forgotten.
    TlsStream(ssl_st* session, int descriptor) : session_(session), socket_{descriptor} {}

    Socket& socket() { return socket_; }

    Step handshake();
    Step read(char* to, std::size_t size, std::size_t& got);  // done: one byte at least
    Step write(std::string_view& bytes);                      // done: removes what it has taken
    // Tells the client that nothing more will be sent (close_notify), if the socket takes it now.
    void say_end();
    // The socket is closed: its number may be another's by now, and is not used any more.
    void forget_socket() { socket_.descriptor = -1; }

    // Of a failure, for people: "no suitable signature algorithm".
    const std::string& reason() const { return reason_; }

    // Who the client is by his certificate, which was verified: the first of its names that are
    // addresses ("uri:spiffe://example/orders") or hosts ("dns:orders.example"), or else its
    // subject ("subject:CN=orders,O=Example", RFC 2253). Empty when he showed none.
    std::string client() const;

  private:
    struct Free {
        void operator()(ssl_st* session) const;
    };
    Step step_of(int result);

    std::unique_ptr<ssl_st, Free> session_;
    Socket socket_;
    std::string reason_;
    bool established_ = false;
};

// A session on a socket, for the context's side that accepts. Null when there is no memory.
std::unique_ptr<TlsStream> accept_on(ssl_ctx_st* context, int descriptor);

}  // namespace yeyak::http
