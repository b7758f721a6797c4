// The port to the channel that tells people: Kakao or the like. Answers come on the I/O context, at
// once or later, or never: the caller has the time limit. A notification may be handed over twice
// under the same id, when it is not known whether the first time succeeded.
#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "aggregates/notification/contract.h"

namespace yeyak::server {

struct NotifierAnswer {
    enum class Kind {
        delivered,
        failed,    // worth another attempt, not before `pause_ms` have passed
        rejected,  // the channel will never take it
    };
    Kind kind = Kind::failed;
    std::string reason = {};
    std::int64_t pause_ms = 0;
};

class Notifier {
  public:
    using Answer = std::function<void(NotifierAnswer)>;
    virtual ~Notifier() = default;
    virtual void deliver(const notification::Deliver& what, Answer answer) = 0;
};

}  // namespace yeyak::server
