// Measures what Beast and the load generator can do together when the server does nothing: a
// constant 201 to every POST and a constant 200 to every GET. No server on Beast answers faster.
//
//   bench_constant_server --port N
#include <fmt/format.h>

#include <exception>

#include "bench/arguments.h"
#include "bench/http_server.h"

namespace {

constexpr std::string_view created =
    "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 33\r\n\r\n"
    R"({"position":123456,"version":  1})";
// As long as a row of the view that bench/run reads.
constexpr std::string_view row =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 147\r\n\r\n"
    R"({"id":1,"reservationId":1,"userId":1,"userAddress":"seoul","productId":1,)"
    R"("productName":"fold","price":1300000,"status":"reservation_complete_ok"  })";

static_assert(created.size() - created.find("\r\n\r\n") - 4 == 33);
static_assert(row.size() - row.find("\r\n\r\n") - 4 == 147);

}  // namespace

int main(int argc, char** argv) try {
    using namespace yeyak::bench;
    const Arguments arguments(argc, argv);
    HttpServer server(static_cast<std::uint16_t>(arguments.number("port")),
                      [](const std::shared_ptr<Connection>& connection, const Request& request) {
                          connection->answer(request.is_post ? created : row);
                      });
    server.run();
    return 0;
} catch (const std::exception& error) {
    fmt::print(stderr, "constant_server: {}\n", error.what());
    return 1;
}
