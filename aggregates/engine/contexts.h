// Which contexts are stopped, slowed or made to fail. A context is what a microservice would be:
// operators stop one with PUT /actuator/contexts/{name} and all others go on. The engine asks here
// before every delivery; the edges ask before effects and view reads.
//
// Changed on the sequencer's thread only, read from any thread.
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yeyak {

enum class ContextState { up, down };
BOOST_DESCRIBE_ENUM(ContextState, up, down)

struct ContextSetting {
    ContextState state = ContextState::up;
    std::vector<std::int64_t> delay_ms = {};  // or {least, most}: added to every call
    std::int64_t fail_per_mille = 0;     // how many of 1000 calls fail before they have an effect
    std::int64_t lose_per_mille = 0;     // how many of 1000 calls take effect but lose their answer
    std::int64_t decline_per_mille = 0;  // how many of 1000 payments are declined
};
BOOST_DESCRIBE_STRUCT(ContextSetting, (),
                      (state, delay_ms, fail_per_mille, lose_per_mille, decline_per_mille))

class Contexts {
  public:
    // Every context is known before the first command.
    void add(std::string_view name);
    bool known(std::string_view name) const;
    bool is_up(std::string_view name) const;
    ContextSetting get(std::string_view name) const;
    void set(std::string_view name, ContextSetting setting);
    std::vector<std::pair<std::string, ContextSetting>> all() const;

  private:
    mutable std::mutex mutex_;
    std::map<std::string, ContextSetting, std::less<>> settings_;
};

}  // namespace yeyak
