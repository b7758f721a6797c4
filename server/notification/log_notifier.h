// The channel that is used when no other is configured: one line of the log for each notification.
// The line says which one and what kind, never whom it is for nor what it says.
#pragma once
#include "kernel/edge/log.h"
#include "server/notification/notifier.h"

namespace yeyak::server {

class LogNotifier final : public Notifier {
  public:
    void deliver(const notification::Deliver& what, Answer answer) override {
        const auto& about = what.notification;
        log::info("notification", {{"id", about.id}, {"kind", about.kind}});
        answer({NotifierAnswer::Kind::delivered});
    }
};

}  // namespace yeyak::server
