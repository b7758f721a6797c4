// A stream lasts as long as its request would be let in: it is asked again every ten seconds, and
// when its token's time is over. So a token that is revoked ends its feeds, too.
#pragma once
#include <memory>

#include "api/http/router.h"
#include "api/http/server.h"
#include "api/http/stream.h"

namespace yeyak::http {

// Runs by itself, on the executor, until the stream is gone. `route` is the one of the request,
// whose caller is known. `admit` sees of it what says who sends it: the watch outlives the stream
// by some seconds, and nobody counts what it holds.
void watch_stream(const boost::asio::any_io_executor& executor,
                  const std::shared_ptr<StreamSession>& stream, const Request& request,
                  const Route* route, decltype(ServerOptions::admit) admit);

}  // namespace yeyak::http
