#include "server/attestations.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <limits>
#include <ranges>

#include "audit/proofs/tiles.h"

namespace yeyak::server {

using eventstore::StoreResult;
using projections::Build;
using projections::ViewDigest;

std::string attestation_text(const std::string& origin, const ViewDigest& digest) {
    return fmt::format("{}/views\n{}\n{}\n{}\n{}\n{}\n", origin, digest.view,
                       digest.projector_version, digest.position, digest.rows(),
                       eventstore::to_hex(digest.digest));
}

audit::Result<AttestedView> parse_attestation(std::string_view text) {
    const auto wrong = [] {
        return std::unexpected(std::string{"the note is no attestation of a view"});
    };
    constexpr std::string_view suffix = "/views";
    std::vector<std::string_view> lines;
    for (auto&& line : std::views::split(text, '\n')) lines.emplace_back(line);
    if (lines.size() != 7 || !lines[6].empty() || !lines[0].ends_with(suffix)) return wrong();
    const auto version = audit::decimal(lines[2]);
    const auto position = audit::decimal(lines[3]);
    const auto rows = audit::decimal(lines[4]);
    const auto digest = eventstore::from_hex(lines[5]);
    if (lines[1].empty() || !version || !position || !rows || !digest ||
        *version > std::numeric_limits<std::uint32_t>::max())
        return wrong();
    return AttestedView{std::string{lines[0].substr(0, lines[0].size() - suffix.size())},
                        std::string{lines[1]},
                        static_cast<std::uint32_t>(*version),
                        *position,
                        *rows,
                        *digest};
}

Attestations::Attestations(const projections::ViewStore& views, const audit::SigningKey& key)
    : views_(views), key_(key), thread_([this] { run(); }) {}

Attestations::~Attestations() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    news_.notify_one();
    thread_.join();
}

AttestationPtr Attestations::last(std::string_view view) const {
    const std::lock_guard lock{mutex_};
    const auto found = last_.find(view);
    return found == last_.end() ? nullptr : found->second;
}

AttestationPtr Attestations::known(const Build& build, std::uint32_t projector_version) const {
    auto made = last(build.view);
    if (!made || made->generation != build.generation ||
        made->digest.projector_version != projector_version)
        return nullptr;
    const auto position = views_.checkpoint(build);
    return position && *position == made->digest.position ? made : nullptr;
}

void Attestations::ask(const Build& build, std::uint32_t projector_version, Told told) {
    if (const auto made = known(build, projector_version)) return told(made);
    {
        const std::lock_guard lock{mutex_};
        auto& waiting = waiting_[build.view];
        waiting.build = build;
        waiting.projector_version = projector_version;
        waiting.told.push_back(std::move(told));
    }
    news_.notify_one();
}

StoreResult<AttestationPtr> Attestations::make(const Waiting& asked) const {
    if (auto made = known(asked.build, asked.projector_version)) return made;
    const auto digest = projections::digest_of(views_, asked.build, asked.projector_version);
    if (!digest) return std::unexpected(digest.error());
    Attestation made{*digest, asked.build.generation, {}};
    made.note = audit::sign_note(attestation_text(key_.verifier().name(), *digest), key_);
    return std::make_shared<const Attestation>(std::move(made));
}

void Attestations::run() {
    setpriority(PRIO_PROCESS, 0, 10);  // readers, writers and the views themselves come first
    std::unique_lock lock{mutex_};
    while (true) {
        news_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
        if (stopping_) return;
        const auto asked = std::move(waiting_.begin()->second);
        waiting_.erase(waiting_.begin());
        lock.unlock();
        const auto made = make(asked);
        lock.lock();
        if (made) last_[asked.build.view] = *made;
        lock.unlock();
        for (const auto& told : asked.told) told(made);
        lock.lock();
    }
}

}  // namespace yeyak::server
