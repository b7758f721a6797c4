// Tells people of every change of their reservation: reserved, cancelled, injected (VAC-N5). It
// follows from the events alone, so one change is one message however often it is heard.
#pragma once
#include "aggregates/vaccination/user_contract.h"
#include "kernel/policy.h"

namespace yeyak::vaccination {

struct Messages {
    static constexpr std::string_view name = "vaccination.messages";
    static constexpr std::string_view context = "user";
    using Sources = Contracts<UserContract>;

    static std::vector<Send> react(const UserReservationRequested& e);
    static std::vector<Send> react(const UserReservationCancelled& e);
    static std::vector<Send> react(const UserInjected& e);
};
static_assert(Policy<Messages>);

}  // namespace yeyak::vaccination
