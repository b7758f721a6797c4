#include "projections/runner/guard.h"

#include <fmt/format.h>

namespace yeyak::projections {
namespace {

StoreResult<ViewDigest> digest_of(const ViewStore::Frozen& build, std::uint32_t version) {
    const auto position = build.checkpoint();
    if (!position) return std::unexpected(position.error());
    RowDigest digest{build.build().view, version, *position};
    const auto read = build.rows([&](List list, std::string_view key, std::string_view stored) {
        digest.add(list, key, stored);
        return true;
    });
    if (!read) return std::unexpected(read.error());
    return digest.finish();
}

}  // namespace

StoreResult<Compared> compare(const ViewStore::Frozen& live, const ViewStore::Frozen& candidate,
                              const Comparing& how) {
    Compared compared;
    auto digest = digest_of(live, how.version);
    if (!digest) return std::unexpected(std::move(digest).error());
    compared.live = *std::move(digest);
    digest = digest_of(candidate, how.version);
    if (!digest) return std::unexpected(std::move(digest).error());
    compared.candidate = *std::move(digest);
    const auto counts = candidate.counts();
    if (!counts) return std::unexpected(counts.error());
    compared.counts_right =
        counts->active == static_cast<std::int64_t>(compared.candidate.listed) &&
        counts->cancelled == static_cast<std::int64_t>(compared.candidate.cancelled);
    compared.comparable = how.same_version && compared.live.position == compared.candidate.position;
    return compared;
}

std::optional<Objection> objection_to(const Compared& compared, const Comparing& how,
                                      bool accepts_differences) {
    const auto& live = compared.live;
    const auto& made = compared.candidate;
    if (!compared.counts_right)
        return Objection{"counts_wrong", "the rows of the new build are not as many as it says"};
    if (how.same_position && live.position != made.position)
        return Objection{"position_differs",
                         fmt::format("the new build stands at event {}, the live one at {}",
                                     made.position, live.position)};
    if (accepts_differences || compared.same()) return std::nullopt;
    if (made.rows() == 0 && live.rows() != 0)
        return Objection{
            "empty", fmt::format("the new build is empty, the live one has {} rows", live.rows()),
            true};
    if (!compared.comparable) return std::nullopt;
    return Objection{"digest_differs",
                     fmt::format("the new build has {} rows and digest {}, the live one {} rows "
                                 "and digest {}, at event {}",
                                 made.rows(), eventstore::to_hex(made.digest), live.rows(),
                                 eventstore::to_hex(live.digest), made.position),
                     true};
}

}  // namespace yeyak::projections
