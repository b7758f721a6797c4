// The Merkle tree: made anew from every record of the log and held against the stored tiles, the
// stored checkpoint with its signature, and a checkpoint that was kept elsewhere.
#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "audit/proofs/base64.h"
#include "audit/proofs/recovery.h"
#include "replay-tools/audit/checks.h"

namespace yeyak::tools {
namespace {

// A checkpoint to be met on the way through the log.
struct Milestone {
    std::string name;
    audit::TreeHead head;
    bool met = false;
};

class Tree final : public Check {
  public:
    Tree() : Check("Merkle tree and checkpoints") {}

    void begin(const Audited& audited) override {
        const auto key = audited.key ? audited.key : own_key(audited);
        if (audited.checkpoint_note) add("the stored checkpoint", *audited.checkpoint_note, key);
        stored_ = milestones_.empty() ? 0 : milestones_.front().head.size;
        if (audited.pinned_note) add("the checkpoint given", *audited.pinned_note, key);
        if (stored_ > 0) open_files(audited);
        for (auto& milestone : milestones_)
            if (milestone.head.size == 0) meet(milestone);
    }

    void observe(const std::vector<LogRecord>& records) override {
        std::vector<audit::Hash> leaves;
        leaves.reserve(records.size());
        for (const auto& record : records)
            leaves.push_back(record.event ? record.event->leaf : audit::Hash{});
        counted(leaves.size());
        for (std::span<const audit::Hash> rest = leaves; !rest.empty();) {
            const auto part = rest.first(std::min<std::size_t>(rest.size(), to_next_milestone()));
            grow(part);
            rest = rest.subspan(part.size());
            for (auto& milestone : milestones_)
                if (milestone.head.size == size_) meet(milestone);
        }
    }

    void finish(const Audited&) override {
        for (auto& milestone : milestones_) {
            if (milestone.met) continue;
            fail({.position = size_,
                  .found = fmt::format("the log ends at event {}", size_),
                  .expected = fmt::format("{} events, as {} says: the log was rolled back, or is "
                                          "an older copy",
                                          milestone.head.size, milestone.name)});
        }
    }

  private:
    // That of the key file in the folder; its name is the origin of the checkpoint.
    std::optional<audit::VerifierKey> own_key(const Audited& audited) {
        const auto& note = audited.checkpoint_note ? audited.checkpoint_note : audited.pinned_note;
        if (!note) return std::nullopt;
        const auto origin = note->substr(0, note->find('\n'));
        const auto pem = audit::read_file(audited.key_file);
        if (!pem || !*pem) return std::nullopt;
        const auto key = audit::SigningKey::from_pem(origin, **pem);
        return key ? std::optional{key->verifier()} : std::nullopt;
    }

    void add(std::string name, const std::string& note,
             const std::optional<audit::VerifierKey>& key) {
        counted();
        if (!key) {
            leave_unchecked(fmt::format(
                "no key to check the signature of {} with: give --key, or --config with the "
                "server's audit.key_file",
                name));
            return;
        }
        const auto checkpoint = audit::open_checkpoint(note, *key);
        if (checkpoint)
            milestones_.push_back({std::move(name), checkpoint->head});
        else
            fail({.found = fmt::format("{}: {}", name, checkpoint.error()),
                  .expected = "a checkpoint that the key signed"});
    }

    void open_files(const Audited& audited) {
        auto files = audit::TreeFiles::open(audit::tree_folder_in(audited.data),
                                            audit::TreeFiles::Access::read);
        if (readable(files)) files_ = *std::move(files);
    }

    std::uint64_t to_next_milestone() const {
        auto distance = UINT64_MAX;
        for (const auto& milestone : milestones_)
            if (milestone.head.size > size_)
                distance = std::min(distance, milestone.head.size - size_);
        return distance;
    }

    // Adds leaves, and compares the stored tiles as far as the stored checkpoint covers them.
    void grow(std::span<const audit::Hash> leaves) {
        const auto added = rows_.append(leaves);
        size_ += leaves.size();
        for (const auto& tile : added[1]) tiles_.append_subtree(audit::tile_height, tile);
        if (!files_) return;
        for (unsigned level = 0; level < audit::tile_levels; ++level) {
            const auto covered = audit::hashes_on(level, stored_);
            const auto first = compared_[level];
            compared_[level] += added[level].size();
            if (first < covered) compare(level, first, covered, added[level]);
        }
    }

    void compare(unsigned level, std::uint64_t first, std::uint64_t covered,
                 const std::vector<audit::Hash>& expected) {
        const auto count = std::min<std::uint64_t>(covered - first, expected.size());
        const auto found = files_->read(level, first, count);
        if (!found) {
            fail({.found = found.error(), .expected = "the tiles of the stored checkpoint"});
            return;
        }
        for (std::uint64_t i = 0; i < count; ++i)
            if ((*found)[i] != expected[i]) wrong_hash(level, first + i);
    }

    audit::Hash root() const {
        auto whole = tiles_;
        for (const auto& leaf : rows_.unfilled(0)) whole.append(leaf);
        return whole.root();
    }

    void wrong_hash(unsigned level, std::uint64_t index) {
        fail({.position = (index << (audit::tile_height * level)) + 1,
              .found = fmt::format("another hash {} in the file audit/level-{}", index, level),
              .expected = "the hash that follows from the log"});
    }

    void meet(Milestone& milestone) {
        milestone.met = true;
        const auto found = root();
        if (found == milestone.head.root) return;
        fail({.position = milestone.head.size,
              .found = fmt::format("root {} over the first {} events", audit::base64(found),
                                   milestone.head.size),
              .expected = fmt::format("root {}, as {} says: history was rewritten",
                                      audit::base64(milestone.head.root), milestone.name)});
    }

    std::vector<Milestone> milestones_;
    std::uint64_t stored_ = 0;  // events that the stored checkpoint covers
    std::unique_ptr<audit::TreeFiles> files_;
    std::uint64_t size_ = 0;  // leaves so far: the full tiles, and the tile that is being filled
    audit::Range tiles_;
    audit::Rows rows_;
    std::array<std::uint64_t, audit::tile_levels> compared_{};
};

}  // namespace

CheckPtr check_tree() { return std::make_unique<Tree>(); }

}  // namespace yeyak::tools
