// The door of a server that asks for tokens: stands before every handler, counts and tells what it
// did not let in, and records that once a minute.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "api/access/front_door.h"
#include "api/access/refused_tokens.h"
#include "api/http/server.h"
#include "kernel/edge/clock.h"
#include "server/auth/tokens.h"
#include "server/runtime.h"

namespace yeyak::program {

class Door {
  public:
    // All of it outlives the door, and the door the last run of the io_context.
    Door(const api::AccessTable& table, server::Tokens& tokens, const Clock& clock,
         server::Runtime& runtime);

    void guard(http::ServerOptions& options, boost::asio::io_context& io);

  private:
    boost::asio::awaitable<void> record();

    server::Commands& commands_;
    api::RefusedTokens refused_;
    api::FrontDoor front_;
};

}  // namespace yeyak::program
