#include "replay-tools/replay/aside.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>

#include "kernel/ensure.h"
#include "projections/rebuild/skips.h"

namespace yeyak::tools {
namespace {

using eventstore::StoreError;
using eventstore::StoreResult;

}  // namespace

std::filesystem::path Aside::place(const std::filesystem::path& data, std::string_view prefix) {
    const bool writable = ::access(data.c_str(), W_OK) == 0;
    const auto parent = writable ? data : std::filesystem::temp_directory_path();
    const auto name = writable ? std::string{prefix} : fmt::format("yeyak-{}", prefix);
    remove_leftovers(parent, name);
    return parent / fmt::format("{}{}", name, getpid());
}

StoreResult<std::unique_ptr<Aside>> Aside::create(std::filesystem::path folder) {
    std::error_code failed;
    if (!std::filesystem::create_directory(folder, failed))
        return std::unexpected(
            StoreError{StoreError::Kind::io,
                       fmt::format("cannot create the working folder {}: {}", folder.string(),
                                   failed ? failed.message() : "it exists already")});
    std::unique_ptr<Aside> aside{new Aside{std::move(folder)}};
    auto store = projections::ViewStore::open(aside->folder_, false);
    if (!store) return std::unexpected(std::move(store).error());
    aside->store_ = *std::move(store);
    return aside;
}

Aside::~Aside() {
    builders_.clear();
    store_.reset();
    built_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

StoreResult<void> Aside::add(const projections::View& view,
                             std::set<eventstore::Position> skipped) {
    auto builder = view.builder(*store_, build_of(view.name()), {.skipped = std::move(skipped)});
    if (!builder) return std::unexpected(std::move(builder).error());
    builders_[std::string{view.name()}] = *std::move(builder);
    return {};
}

StoreResult<void> Aside::apply(std::string_view view,
                               const std::vector<eventstore::EventPtr>& events) {
    const auto builder = builders_.find(view);
    ensure(builder != builders_.end(), "a view that is built aside was added");
    return builder->second->apply(events);
}

StoreResult<void> Aside::fold(const eventstore::EventStore& log, const projections::View& view,
                              eventstore::Position last, const projections::Reached& reached) {
    auto skips = projections::read_skips(log, last);
    if (!skips) return std::unexpected(std::move(skips).error());
    const auto builder = view.builder(*store_, build_of(view.name()),
                                      {.logged = false,  // a crash throws it away
                                       .skipped = projections::skipped_in(*skips, view.name())});
    if (!builder) return std::unexpected(builder.error());
    return projections::fold_up_to(log, view, **builder, {0, last}, reached);
}

StoreResult<projections::ViewDigest> Aside::digest(const projections::View& view) const {
    return projections::digest_of(*store_, build_of(view.name()), view.version());
}

StoreResult<const RawViews*> Aside::finish() {
    builders_.clear();
    store_.reset();
    auto built = RawViews::open(folder_);
    if (!built) return std::unexpected(std::move(built).error());
    ensure(*built != nullptr, "the folder that was just written exists");
    built_ = *std::move(built);
    return built_.get();
}

void remove_leftovers(const std::filesystem::path& parent, std::string_view prefix) {
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator{parent, failed}) {
        const auto name = entry.path().filename().string();
        if (!name.starts_with(prefix)) continue;
        int process = 0;
        const char* const end = name.data() + name.size();
        const auto number = std::from_chars(name.data() + prefix.size(), end, process);
        if (number.ec != std::errc{} || number.ptr != end || process <= 0) continue;
        std::error_code ignored;
        if (kill(process, 0) != 0 && errno == ESRCH)
            std::filesystem::remove_all(entry.path(), ignored);
    }
}

}  // namespace yeyak::tools
