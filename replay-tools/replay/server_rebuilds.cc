#include "replay-tools/replay/server_rebuilds.h"

#include <fmt/format.h>

#include <map>

#include "replay-tools/terminal/quantity.h"

namespace yeyak::tools {
namespace {

std::optional<SeenRebuild> rebuild_at(const remote::Answer& answer, const std::string& at) {
    auto state = answer.text(at + "/state");
    if (!state) return std::nullopt;
    const auto number = [&](const char* name) {
        return static_cast<std::uint64_t>(answer.number(at + name).value_or(0));
    };
    SeenRebuild seen;
    seen.view = answer.text(at + "/view").value_or("");
    seen.state = *std::move(state);
    seen.detail = answer.text(at + "/detail").value_or("");
    seen.generation = number("/generation");
    seen.position = number("/position");
    seen.goal = number("/goal");
    seen.rows = number("/rows");
    seen.events_per_second = number("/eventsPerSecond");
    seen.seconds_left = answer.number(at + "/secondsLeft");
    return seen;
}

}  // namespace

std::vector<SeenRebuild> rebuilds_in(const remote::Answer& answer, std::string_view view) {
    std::vector<SeenRebuild> all;
    if (view != "all") {
        if (auto one = rebuild_at(answer, "")) all.push_back(*std::move(one));
        return all;
    }
    while (auto next = rebuild_at(answer, fmt::format("/rebuilds/{}", all.size())))
        all.push_back(*std::move(next));
    return all;
}

std::string summary_of(const std::vector<SeenRebuild>& rebuilds) {
    std::map<std::string_view, std::uint64_t> states;
    for (const auto& one : rebuilds) ++states[one.state];
    auto text = counted(rebuilds.size(), "rebuild");
    std::string_view before = ": ";
    for (const auto& [state, times] : states) {
        text += fmt::format("{}{} {}", before, grouped(times), state);
        before = ", ";
    }
    return text;
}

}  // namespace yeyak::tools
