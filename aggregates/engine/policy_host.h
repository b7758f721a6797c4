// Runs one policy for the engine: hears the events of its sources and gives their receivers the
// commands that follow. Included where a system is registered.
#pragma once
#include <fmt/format.h>

#include "aggregates/engine/host.h"
#include "aggregates/engine/unit.h"
#include "kernel/policy.h"

namespace yeyak {

template <Policy P>
class PolicyHost final : public ListenerBase {
  public:
    std::string_view category() const override { return P::name; }
    std::string_view context() const override { return P::context; }
    std::vector<std::string_view> sources() const override {
        return std::apply([](auto... c) { return std::vector{decltype(c)::category...}; },
                          typename P::Sources{});
    }
    bool wants(const Raised& raised) const override { return !commands(raised).empty(); }

    void offer(Unit& unit, const Raised& raised) override {
        const Cause cause{raised.cause.correlation_id,
                          fmt::format("{}@{}", raised.stream, raised.version), raised.cause.actor};
        for (auto& command : commands(raised)) unit.send_from("", "", std::move(command), cause);
    }

  private:
    static std::vector<Send> commands(const Raised& raised) {
        std::vector<Send> sends;
        const auto from = [&]<class Contract>(Contract) {
            if (raised.category != Contract::category) return;
            std::visit(
                [&](const auto& event) {
                    if constexpr (requires { P::react(event); }) sends = P::react(event);
                },
                *std::any_cast<typename Contract::Event>(&raised.event));
        };
        std::apply([&](auto... contract) { (from(contract), ...); }, typename P::Sources{});
        return sends;
    }
};

}  // namespace yeyak
