// An event told to people: what happened, why, from where.
#pragma once
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "eventstore/event_store.h"

namespace yeyak::trail {

// A payload as it may be shown: personal fields unsealed where their key is still there.
using Unseal = std::function<std::string(const std::string& payload)>;

struct Detail {
    std::string name;
    std::string value;
};

struct Entry {
    eventstore::EventPtr event;
    std::string payload;               // JSON, unsealed
    std::string what;                  // "reservation cancelled", "checkout: compensating"
    std::vector<Detail> details;       // the fields of the payload, without those below
    std::string reason;                // as the payload says it
    std::string state;                 // of a saga after its step
    std::vector<std::string> because;  // what led to it, the nearest first, the request last
    std::string from;                  // the network that the request came from, when it is known
};

// The nearest cause and the request at the beginning, for a reader; between them their number.
std::vector<std::string> short_chain(const std::vector<std::string>& because);

// Tells entries in the order of the log. It remembers the causes of the newest few thousand events
// and reads others from the log, so its memory is bounded. One thread.
class Teller {
  public:
    Teller(const eventstore::EventStore& log, Unseal unseal)
        : log_(&log), unseal_(std::move(unseal)) {}

    Entry tell(const eventstore::EventPtr& event);

  private:
    struct Known {
        std::string what;
        std::string cause;
        std::string actor;
    };
    void remember(const std::string& id, Known known);
    const Known* find(const std::string& id);
    void explain(Entry& entry);

    const eventstore::EventStore* log_;
    Unseal unseal_;
    std::map<std::string, Known, std::less<>> known_;
    std::deque<std::string> oldest_;
};

// "payment.payment_completed.v1" -> "payment completed"
std::string words_of_type(std::string_view type);

}  // namespace yeyak::trail
