// What goes to people is opened on the way: the channel gets plaintext, the log never does.
#pragma once
#include <memory>

#include "privacy/person_keys.h"
#include "server/notification/notifier.h"

namespace yeyak::server {

class RevealingNotifier final : public Notifier {
  public:
    RevealingNotifier(std::unique_ptr<Notifier> channel, privacy::PersonKeys& keys)
        : channel_(std::move(channel)), keys_(keys) {}

    void deliver(const notification::Deliver& what, Answer answer) override {
        auto opened = what;
        keys_.reveal_texts(opened.notification.text_ko);
        keys_.reveal_texts(opened.notification.text_en);
        channel_->deliver(opened, std::move(answer));
    }

  private:
    std::unique_ptr<Notifier> channel_;
    privacy::PersonKeys& keys_;
};

}  // namespace yeyak::server
