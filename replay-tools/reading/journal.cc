#include "replay-tools/reading/journal.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>

#include "kernel/events.h"
#include "kernel/normal_number.h"

namespace yeyak::tools {
namespace {

constexpr std::size_t longest_actor = 64;

bool is_actor(std::string_view name) {
    return !name.empty() && name.size() <= longest_actor &&
           std::ranges::all_of(name, [](char c) { return c > ' ' && c < 0x7f; }) &&
           !mentions_registration_number(name);
}

eventstore::StoreError failure_of(const eventstore::Conflict& conflict) {
    using Kind = eventstore::StoreError::Kind;
    return {conflict.kind == eventstore::Conflict::Kind::unavailable ? Kind::no_space : Kind::io,
            "it could not be recorded: " + conflict.detail};
}

}  // namespace

std::string account_name() {
    const auto* account = getpwuid(geteuid());
    const std::string name = account != nullptr ? account->pw_name : "";
    return is_actor(name) ? name : "anonymous";
}

std::optional<std::string> actor_name(const std::string& given) {
    if (given.empty()) return account_name();
    if (!is_actor(given)) return std::nullopt;
    return given;
}

eventstore::StoreResult<eventstore::Position> record_at_rest(eventstore::EventStore& log,
                                                             Instant now, const std::string& actor,
                                                             const operations::Event& fact) {
    eventstore::NewEvent event;
    event.type = type_of(fact);
    event.payload = encode_event(fact);
    event.causation_id = "command";
    event.actor = actor;
    event.tags = operations::Contract::tags(fact);
    eventstore::Commit commit;
    commit.time = now;
    const auto stream =
        std::string{operations::Contract::category} + "-" + operations::journal_of(fact);
    commit.appends.push_back({stream, eventstore::Expected::any(), {std::move(event)}});
    if (auto writable = log.writable(); !writable) return std::unexpected(writable.error());
    const auto staged = log.stage(std::move(commit));
    if (!staged) return std::unexpected(failure_of(staged.error()));
    const auto flushed = log.flush();
    if (!flushed) return std::unexpected(flushed.error());
    return staged->last;
}

}  // namespace yeyak::tools
