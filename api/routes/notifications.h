// What people were told, and the dead letters: the notifications of all systems.
//
//   GET  /notifications?status=dead&recipient=user-1     GET /notifications/market-reserved-17
//   POST /notifications/market-reserved-17/replay        an operator has a dead one delivered
//   POST /notifications/test                             an operator tries the channel
#pragma once
#include <string>
#include <vector>

#include "api/http/router.h"
#include "server/commands.h"
#include "server/reads.h"

namespace yeyak::api {

// What becomes of one.
inline std::vector<std::string> notification_words() {
    return {"requested", "delivered", "postponed", "dead"};
}

void add_notification_routes(http::Router& router, server::Commands& commands,
                             server::Reads& reads);

}  // namespace yeyak::api
