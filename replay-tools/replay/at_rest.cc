#include "replay-tools/replay/at_rest.h"

#include <fmt/format.h>

#include <chrono>

#include "eventstore/rocks_store.h"
#include "projections/rebuild/switch_note.h"
#include "replay-tools/exit_code.h"
#include "replay-tools/reading/journal.h"

namespace yeyak::tools {

using eventstore::StoreError;
using eventstore::StoreResult;

std::int64_t now_ms() {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count();
}

StoreResult<std::unique_ptr<projections::ViewStore>> open_views_at_rest(
    const std::filesystem::path& data) {
    return projections::ViewStore::open(data / "views", false);
}

int views_refused(const StoreError& error) {
    if (exit_code_of(error) != ExitCode::in_use) return refuse(error);
    fmt::print(stderr,
               "yeyak: the views are in use, probably by a running server (yeyak serve); give "
               "--server URL instead of --data, or stop it first\n");
    return to_int(ExitCode::in_use);
}

StoreResult<void> record_facts(const std::filesystem::path& data, const std::vector<Fact>& facts) {
    eventstore::RocksOptions options;
    options.data_dir = data;
    auto log = eventstore::RocksStore::open(options);
    if (!log) return std::unexpected(std::move(log).error());
    for (const auto& fact : facts) {
        const auto told = record_at_rest(**log, Instant{now_ms()}, fact.actor, fact.what);
        if (!told) return std::unexpected(told.error());
    }
    return {};
}

StoreResult<void> record_switches_at_rest(const std::filesystem::path& data,
                                          projections::ViewStore& views) {
    const auto notes = views.notes();
    if (!notes) return std::unexpected(notes.error());
    std::vector<Fact> facts;
    for (const auto& [key, text] : *notes) {
        auto note = projections::decode_switch_note(text);
        if (!note)
            return std::unexpected(
                StoreError{StoreError::Kind::corrupt, "the note of a switch is damaged"});
        facts.push_back({std::move(note->actor), std::move(note->fact)});
    }
    if (facts.empty()) return {};
    if (auto told = record_facts(data, facts); !told) return told;
    for (const auto& [key, text] : *notes)
        if (auto done = views.note_done(key); !done) return done;
    return {};
}

}  // namespace yeyak::tools
