#include "audit/proofs/recovery.h"

#include <fmt/format.h>

#include "eventstore/follower.h"

namespace yeyak::audit {
namespace {

constexpr std::size_t events_at_once = 4096;

std::unexpected<StoreError> refused(std::string detail) {
    return std::unexpected(StoreError{StoreError::Kind::refused_open, std::move(detail)});
}

std::unexpected<StoreError> contradicted(const std::filesystem::path& data,
                                         const std::string& what) {
    return refused(fmt::format(
        "{0}; the checkpoint in {1} was signed for what the log held then, so the log was rolled "
        "back or altered. Nothing was changed. Restore the newest copy of the whole folder and "
        "compare it with checkpoints kept elsewhere. Only to go on with this log as a new one: "
        "move {2} away; whoever holds older checkpoints will see the break",
        what, checkpoint_file_in(data).string(), tree_folder_in(data).string()));
}

StoreResult<void> build(TreeFiles& files, const eventstore::EventStore& log, std::uint64_t size) {
    if (auto emptied = files.cut(0); !emptied) return emptied;
    eventstore::Follower follower{log, 0};
    while (files.size() < size) {
        const auto events = follower.next(std::min(events_at_once, size - files.size()));
        if (!events) return std::unexpected(events.error());
        std::vector<Hash> leaves;
        for (const auto& event : *events) leaves.push_back(event->leaf);
        if (auto added = files.append(leaves); !added) return added;
    }
    return files.sync();
}

StoreResult<Hash> leaf_at(const eventstore::EventStore& log, std::uint64_t position) {
    eventstore::AllQuery query;
    query.after = position - 1;
    query.max_events = 1;
    const auto page = log.read_all(query);
    if (!page) return std::unexpected(page.error());
    if (page->events.empty())
        return std::unexpected(
            StoreError{StoreError::Kind::corrupt, fmt::format("event {} is missing", position)});
    return page->events.front()->leaf;
}

// Whether the last leaf that is kept is that of the event in the log.
StoreResult<bool> ends_alike(const TreeFiles& files, const eventstore::EventStore& log,
                             std::uint64_t size) {
    if (size == 0) return true;
    const auto logged = leaf_at(log, size);
    if (!logged) return std::unexpected(logged.error());
    const auto kept = files.read(0, size - 1, 1);
    return kept && kept->front() == *logged;
}

bool leads_to(const TreeFiles& files, const TreeHead& head) {
    const auto root = root_of(files.nodes(), head.size);
    return root && *root == head.root;
}

}  // namespace

std::filesystem::path key_file_in(const std::filesystem::path& data) { return data / "audit.key"; }
std::filesystem::path tree_folder_in(const std::filesystem::path& data) { return data / "audit"; }
std::filesystem::path checkpoint_file_in(const std::filesystem::path& data) {
    return tree_folder_in(data) / "checkpoint";
}

StoreResult<SigningKey> open_key(const std::filesystem::path& key_file, const std::string& origin,
                                 const std::filesystem::path& data) {
    const auto pem = read_file(key_file);
    if (!pem) return std::unexpected(pem.error());
    if (*pem) {
        auto key = SigningKey::from_pem(origin, **pem);
        if (!key)
            return refused(fmt::format("the audit key {}: {}", key_file.string(), key.error()));
        return *std::move(key);
    }
    if (std::filesystem::exists(checkpoint_file_in(data)))
        return refused(fmt::format(
            "the audit key {0} is lost, but {1} was signed with it. Restore it from your copy. If "
            "there is none, move {2} away and give `yeyak audit accept-keys`: a new key is made, "
            "receipts given out before still verify with the old public key",
            key_file.string(), checkpoint_file_in(data).string(), tree_folder_in(data).string()));
    auto key = SigningKey::generate(origin);
    if (!key) return refused(fmt::format("audit.origin: {}", key.error()));
    if (auto written = replace_file(key_file, key->pem(), 0600); !written)
        return std::unexpected(written.error());
    return *std::move(key);
}

StoreResult<std::optional<SignedCheckpoint>> stored_checkpoint(const std::filesystem::path& data,
                                                               const VerifierKey& key) {
    auto note = read_file(checkpoint_file_in(data));
    if (!note) return std::unexpected(std::move(note).error());
    if (!*note) return std::nullopt;
    auto checkpoint = open_checkpoint(**note, key);
    if (!checkpoint)
        return refused(
            fmt::format("{}: {}. It was altered, or audit.key_file or audit.origin changed",
                        checkpoint_file_in(data).string(), checkpoint.error()));
    return SignedCheckpoint{*std::move(checkpoint), **std::move(note)};
}

StoreResult<void> store_checkpoint(const std::filesystem::path& data,
                                   const SignedCheckpoint& checkpoint) {
    return replace_file(checkpoint_file_in(data), checkpoint.note, 0644);
}

StoreResult<OpenedTree> open_tree(const std::filesystem::path& data, const VerifierKey& key,
                                  const eventstore::EventStore& log) {
    auto checkpoint = stored_checkpoint(data, key);
    if (!checkpoint) return std::unexpected(std::move(checkpoint).error());
    const auto head = *checkpoint ? (*checkpoint)->checkpoint.head : TreeHead{};
    if (log.head() < head.size)
        return contradicted(data, fmt::format("the log ends at event {}, the checkpoint covers {}",
                                              log.head(), head.size));
    auto files = TreeFiles::open(tree_folder_in(data), TreeFiles::Access::write);
    if (!files) return std::unexpected(std::move(files).error());
    OpenedTree tree{*std::move(files), *std::move(checkpoint)};
    if (!tree.checkpoint) {
        if (auto emptied = tree.files->cut(0); !emptied) return std::unexpected(emptied.error());
        return tree;
    }
    if (tree.files->reach(head.size) && leads_to(*tree.files, head)) {
        auto same = ends_alike(*tree.files, log, head.size);
        if (!same) return std::unexpected(std::move(same).error());
        if (!*same)
            return contradicted(
                data, fmt::format("event {} is not the one that was signed for", head.size));
        if (auto kept = tree.files->cut(head.size); !kept) return std::unexpected(kept.error());
        return tree;
    }
    tree.rebuilt = true;
    if (auto built = build(*tree.files, log, head.size); !built)
        return std::unexpected(built.error());
    if (!leads_to(*tree.files, head))
        return contradicted(
            data, fmt::format("the first {} events do not have the root that was signed for them",
                              head.size));
    return tree;
}

}  // namespace yeyak::audit
