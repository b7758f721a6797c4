// Reads the file, lets toml++ parse it, and flattens its tables into paths with their places.
#include "server/config/config_file.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <sstream>
#include <system_error>
#include <utility>

namespace yeyak::server {
namespace {

FilePlace place_of(const toml::source_region& region) {
    return {region.begin.line, region.begin.column};
}

template <class Value>
std::string printed(const Value& value) {
    std::ostringstream out;
    out << value;
    return out.str();
}

void set_value(FileSetting& setting, const toml::node& node) {
    const auto set = [&](FileType type, std::string text, const char* words) {
        setting.type = type;
        setting.text = std::move(text);
        setting.type_words = words;
    };
    if (const auto* text = node.as_string()) {
        set(FileType::text, text->get(), "a string");
    } else if (const auto* number = node.as_integer()) {
        set(FileType::whole_number, fmt::format("{}", number->get()), "a number");
    } else if (const auto* decimal = node.as_floating_point()) {
        set(FileType::other, fmt::format("{}", decimal->get()), "a decimal number");
    } else if (const auto* yes = node.as_boolean()) {
        set(FileType::truth, fmt::format("{}", yes->get()), "a boolean");
    } else if (const auto* instant = node.as_date_time()) {
        set(FileType::instant, printed(instant->get()), "a date-time");
    } else if (node.is_table()) {
        set(FileType::empty_table, "{}", "a table");
    } else if (node.is_array()) {
        set(FileType::other, "[...]", "an array");
    } else {
        set(FileType::other, "...", "a date or a time");
    }
}

void flatten(const toml::table& table, const std::string& prefix, std::vector<FileSetting>& out) {
    for (const auto& [key, node] : table) {
        const std::string path = prefix + std::string(key.str());
        const toml::table* inner = node.as_table();
        if (inner && !inner->empty()) {
            flatten(*inner, path + ".", out);
            continue;
        }
        FileSetting setting;
        setting.path = path;
        set_value(setting, node);
        setting.key_at = place_of(key.source());
        setting.value_at = place_of(node.source());
        out.push_back(std::move(setting));
    }
}

std::expected<std::string, std::string> read_text(const std::string& file) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> in(std::fopen(file.c_str(), "rb"),
                                                             std::fclose);
    std::string text;
    std::array<char, 4096> part;
    std::size_t count = 0;
    while (in && (count = std::fread(part.data(), 1, part.size(), in.get())) > 0) {
        text.append(part.data(), count);
    }
    if (in && std::ferror(in.get()) == 0) return text;
    const auto why = std::generic_category().message(errno);
    return std::unexpected(fmt::format("{}: cannot be read: {}", file, why));
}

}  // namespace

std::expected<std::vector<FileSetting>, std::string> read_config_file(const std::string& file) {
    const auto text = read_text(file);
    if (!text) return std::unexpected(text.error());
    std::vector<FileSetting> settings;
    try {
        flatten(toml::parse(*text, file), "", settings);
    } catch (const toml::parse_error& error) {
        const FilePlace at = place_of(error.source());
        return std::unexpected(
            fmt::format("{}:{}:{}: {}", file, at.line, at.column, error.description()));
    }
    std::ranges::sort(settings, {}, &FileSetting::key_at);
    return settings;
}

}  // namespace yeyak::server
