#include "audit/backup/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "audit/proofs/base64.h"
#include "audit/proofs/tiles.h"

namespace yeyak::backup {
namespace {

using eventstore::from_hex;
using eventstore::to_hex;

// Takes "name value\n" off the beginning of `text`.
std::optional<std::string_view> take_line(std::string_view& text, std::string_view name) {
    const auto end = text.find('\n');
    if (end == text.npos || !text.starts_with(name) || name.size() >= end ||
        text[name.size()] != ' ')
        return std::nullopt;
    const auto value = text.substr(name.size() + 1, end - name.size() - 1);
    text.remove_prefix(end + 1);
    return value;
}

bool take_number(std::string_view& text, std::string_view name, std::uint64_t& number) {
    const auto value = take_line(text, name);
    const auto read = value ? audit::decimal(*value) : std::nullopt;
    number = read.value_or(0);
    return read.has_value();
}

// Relative, of plain characters, and never upwards: it is written to when a backup is restored.
bool is_plain_path(std::string_view path) {
    if (path.empty() || path.front() == '/' || path.back() == '/') return false;
    const auto plain = [](char c) { return c > ' ' && c < 0x7f && c != '\\'; };
    if (!std::ranges::all_of(path, plain)) return false;
    return std::ranges::none_of(std::views::split(path, '/'), [](auto&& part) {
        const std::string_view name{part};
        return name.empty() || name == "." || name == "..";
    });
}

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    for (auto&& word : std::views::split(line, ' ')) words.emplace_back(word);
    return words;
}

bool take_object(const std::vector<std::string_view>& words, BackupList& list) {
    if (words.size() != 4) return false;
    const auto digest = from_hex(words[1]);
    const auto bytes = audit::decimal(words[2]);
    if (!digest || !bytes || !is_plain_path(words[3])) return false;
    list.objects.push_back({*digest, *bytes, std::string{words[3]}});
    return true;
}

bool take_file(const std::vector<std::string_view>& words, BackupList& list) {
    if (words.size() < 2 || !is_plain_path(words[1])) return false;
    BackedUpFile file{std::string{words[1]}, {}};
    for (const auto& word : words | std::views::drop(2)) {
        const auto digest = from_hex(word);
        if (!digest) return false;
        file.parts.push_back(*digest);
    }
    list.files.push_back(std::move(file));
    return true;
}

}  // namespace

std::string to_text(const BackupManifest& m) {
    return fmt::format(
        "{}/backups\nnumber {}\ntaken {}\nposition {}\nroot {}\nlog {}\nviews {}\nprevious {}\n"
        "list {}\nfiles {}\nbytes {}\n",
        m.log, m.number, to_text(m.taken), m.position, audit::base64(m.root), m.log_id, m.views_id,
        m.previous ? to_hex(*m.previous) : "none", to_hex(m.list), m.files, m.bytes);
}

audit::Result<BackupManifest> parse_backup_manifest(std::string_view text) {
    const auto wrong = [] { return std::unexpected(std::string{"is not the note of a backup"}); };
    const auto whole = text;
    BackupManifest m;
    const auto end = text.find("/backups\n");
    if (end == text.npos) return wrong();
    m.log = text.substr(0, end);
    text.remove_prefix(end + 9);
    bool ok = take_number(text, "number", m.number);
    const auto taken = parse_instant(take_line(text, "taken").value_or(""));
    ok = take_number(text, "position", m.position) && ok;
    const auto root = audit::hash_from_base64(take_line(text, "root").value_or(""));
    ok = take_number(text, "log", m.log_id) && ok;
    ok = take_number(text, "views", m.views_id) && ok;
    const auto previous = take_line(text, "previous").value_or("");
    if (previous != "none") m.previous = from_hex(previous);
    const auto list = from_hex(take_line(text, "list").value_or(""));
    ok = take_number(text, "files", m.files) && ok;
    ok = take_number(text, "bytes", m.bytes) && ok;
    if (!ok || !taken || !root || !list) return wrong();
    m.taken = *taken;
    m.root = *root;
    m.list = *list;
    if (to_text(m) != whole) return wrong();
    return m;
}

std::string to_text(const BackupList& list) {
    std::string text;
    for (const auto& object : list.objects)
        text += fmt::format("object {} {} {}\n", to_hex(object.digest), object.bytes, object.path);
    for (const auto& file : list.files) {
        text += "file " + file.path;
        for (const auto& part : file.parts) text += ' ' + to_hex(part);
        text += '\n';
    }
    return text;
}

audit::Result<BackupList> parse_backup_list(std::string_view text) {
    BackupList list;
    std::size_t number = 0;
    while (!text.empty()) {
        ++number;
        const auto end = text.find('\n');
        const auto words = words_of(text.substr(0, end));
        const auto kind = words.empty() ? std::string_view{} : words[0];
        const bool ok =
            kind == "object" ? take_object(words, list) : kind == "file" && take_file(words, list);
        if (!ok || end == text.npos)
            return std::unexpected(
                fmt::format("line {} of the list of files cannot be read", number));
        text.remove_prefix(end + 1);
    }
    return list;
}

std::string object_path(const eventstore::Sha256& digest) { return "files/" + to_hex(digest); }

}  // namespace yeyak::backup
