// What contexts say to each other, as data. A contract names a receiver once:
//
//   struct Contract {
//       static constexpr std::string_view category = "receipt.receipt";   // streams: category-id
//       static std::string_view context(std::string_view id);             // what can be stopped
//       using Command = std::variant<...>;  using Event = std::variant<...>;
//       static std::vector<std::string> tags(const Event&);               // what it is found by
//   };
//
// A contract that systems share, each with a context of its own, has no context(): the systems are
// listed where it is installed (engine/contexts_by_prefix.h).
//
// Senders include a contract and never the state behind it.
#pragma once
#include <any>
#include <boost/describe.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/ended.h"
#include "kernel/time.h"

namespace yeyak {

// Why something happened: kept with every event that follows.
struct Cause {
    std::string correlation_id;  // of the request that everything began with
    std::string causation_id;    // the command or event just before
    std::string actor;           // on whose behalf
};

// What becomes of a command whose receiver's context is stopped.
enum class Delivery {
    now,      // it is refused: the sender hears Refused and decides
    when_up,  // it waits, in order, until the context is back
};

struct Send {
    std::string_view category;
    std::string id;
    std::any command;  // the receiver's Command variant
    Delivery delivery = Delivery::when_up;
};

template <class Contract>
Send send(std::string id, typename Contract::Command command,
          Delivery delivery = Delivery::when_up) {
    return {Contract::category, std::move(id), std::any{std::move(command)}, delivery};
}

// What a saga hears when a command it sent was not accepted.
struct Refused {
    static constexpr std::string_view type = "refused";
    std::string command;  // type of the command
    Ended ended = Ended::refused;
    std::string refusal = {};  // the receiver's rejection
};

// The stream of an aggregate: "receipt.receipt-17".
inline std::string stream_of(std::string_view category, std::string_view id) {
    std::string name{category};
    name += '-';
    name += id;
    return name;
}

}  // namespace yeyak
