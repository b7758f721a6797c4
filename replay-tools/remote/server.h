// A running server as a command sees it: one request after the other, each waited for. Throws
// nothing. One thread.
#pragma once
#include <boost/asio/io_context.hpp>
#include <expected>
#include <string>

#include "replay-tools/remote/client.h"

namespace yeyak::remote {

// Why there is no good answer, as it is told to the user: the connection, or the server's problem.
struct Failure {
    int status = 0;       // 0: no answer came
    std::string code;     // of the server's problem document
    std::string message;  // what, where and how to mend it
};

// Prints it and answers the exit code.
int refuse(const Failure& failure);

class Server {
  public:
    explicit Server(Address address) : client_(io_.get_executor(), std::move(address)) {}

    // The answer to a request when it is 2xx.
    std::expected<Answer, Failure> call(ClientRequest request);
    std::expected<Answer, Failure> get(std::string path);

  private:
    boost::asio::io_context io_;
    Client client_;
};

}  // namespace yeyak::remote
