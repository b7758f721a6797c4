#include "audit/proofs/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>

#include "audit/proofs/base64.h"
#include "audit/proofs/tiles.h"

namespace yeyak::audit {

std::string checkpoint_text(const Checkpoint& checkpoint) {
    auto text = fmt::format("{}\n{}\n{}\n", checkpoint.origin, checkpoint.head.size,
                            base64(checkpoint.head.root));
    for (const auto& line : checkpoint.extensions) text += line + '\n';
    return text;
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
    std::vector<std::string> lines;
    for (auto rest = text; !rest.empty();) {
        const auto end = rest.find('\n');
        if (end == rest.npos) return std::unexpected("the checkpoint does not end with a newline");
        lines.emplace_back(rest.substr(0, end));
        rest.remove_prefix(end + 1);
    }
    if (lines.size() < 3 || std::ranges::any_of(lines, &std::string::empty))
        return std::unexpected("a checkpoint has lines for origin, size and root, none empty");
    const auto size = decimal(lines[1]);
    const auto root = hash_from_base64(lines[2]);
    if (!size) return std::unexpected("the size of the checkpoint is no number");
    if (!root) return std::unexpected("the root of the checkpoint is no SHA-256 in base64");
    return Checkpoint{std::move(lines[0]), {*size, *root}, {lines.begin() + 3, lines.end()}};
}

Result<Checkpoint> open_checkpoint(std::string_view note, const VerifierKey& key) {
    const auto text = open_note(note, key);
    if (!text) return std::unexpected(text.error());
    auto checkpoint = parse_checkpoint(*text);
    if (checkpoint && checkpoint->origin != key.name())
        return std::unexpected(fmt::format("the checkpoint is of the log {}, the key is of {}",
                                           checkpoint->origin, key.name()));
    return checkpoint;
}

SignedCheckpoint sign_checkpoint(const TreeHead& head, const SigningKey& key) {
    Checkpoint checkpoint{key.verifier().name(), head};
    auto note = sign_note(checkpoint_text(checkpoint), key);
    return {std::move(checkpoint), std::move(note)};
}

}  // namespace yeyak::audit
