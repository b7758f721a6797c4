#include "aggregates/operations/journal.h"

#include "kernel/match.h"

namespace yeyak::operations {

namespace {

std::vector<std::string> tags_of(const TrailRead& read) {
    std::vector<std::string> tags;
    for (const auto& person : read.persons) tags.push_back("person:" + person);
    if (read.more_persons) tags.emplace_back("person:*");
    return tags;
}

}  // namespace

std::vector<std::string> Contract::tags(const Event& event) {
    return match(event)([](const PersonErased& e) { return std::vector{"person:" + e.person}; },
                        [](const PersonExported& e) { return std::vector{"person:" + e.person}; },
                        [](const TrailRead& e) { return tags_of(e); },
                        [](const auto&) { return std::vector<std::string>{}; });
}

std::string journal_of(const Event& fact) {
    return match(fact)(
        [](const ViewSwitched&) { return "views"; }, [](const EventSkipped&) { return "views"; },
        [](const TrailRead&) { return "trail"; }, [](const PersonErased&) { return "privacy"; },
        [](const PersonExported&) { return "privacy"; },
        [](const KeysAccepted&) { return "privacy"; }, [](const BackupTaken&) { return "backups"; },
        [](const TokensRevoked&) { return "tokens"; },
        [](const TokensRefused&) { return "refused-tokens"; });
}

Decision<Event, Rejection> Journal::decide(const State&, const Command& command) {
    return accept(Event{command});
}

State Journal::evolve(const State& state, const Event&) { return state; }

}  // namespace yeyak::operations
