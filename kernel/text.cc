#include "kernel/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <optional>

#include "kernel/json.h"
#include "kernel/utf8.h"

namespace yeyak {
namespace {

std::size_t cells(char32_t code) {
    const bool wide = (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) ||
                      (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
                      (code >= 0xff00 && code <= 0xff60) || (code >= 0x1f300 && code <= 0x1faff);
    return wide ? 2 : 1;
}

// Letters that are not seen but turn the order of what is seen around, or end a line.
bool misleads(char32_t code) {
    return code == 0x61c || (code >= 0x200b && code <= 0x200f) ||
           (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f) ||
           code == 0xfeff || (code >= 0xfff9 && code <= 0xfffb);
}

// The bytes at the front that fit into so many cells; at least one letter.
std::size_t front_within(std::string_view text, std::size_t columns) {
    std::size_t bytes = 0;
    std::size_t width = 0;
    while (bytes < text.size()) {
        const auto letter = first_character(text.substr(bytes));
        width += letter ? cells(letter->code) : 1;
        if (width > columns && bytes > 0) break;
        bytes += letter ? letter->bytes : 1;
    }
    return bytes;
}

bool is_control(char32_t code) { return code < 0x20 || (code >= 0x7f && code < 0xa0); }

}  // namespace

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    while (!text.empty()) {
        const auto letter = first_character(text);
        width += letter ? cells(letter->code) : 1;
        text.remove_prefix(letter ? letter->bytes : 1);
    }
    return width;
}

std::string clipped(std::string_view text, std::size_t columns) {
    if (display_width(text) <= columns) return std::string{text};
    std::string out;
    std::size_t width = 0;
    while (!text.empty()) {
        const auto letter = first_character(text);
        const auto step = letter ? letter->bytes : 1;
        const auto wide = letter ? cells(letter->code) : 1;
        if (width + wide + 1 > columns) break;
        out += text.substr(0, step);
        width += wide;
        text.remove_prefix(step);
    }
    return out + "…";
}

std::vector<std::string> folded(std::string_view text, std::size_t columns) {
    std::vector<std::string> lines;
    for (auto end = front_within(text, columns); end < text.size();
         end = front_within(text, columns)) {
        const auto blank = text.substr(0, end + 1).rfind(' ');
        const auto word = text.find_first_not_of(' ');
        if (blank != std::string_view::npos && blank > word) end = blank;
        const auto line = text.substr(0, end);
        lines.emplace_back(line.substr(0, line.find_last_not_of(' ') + 1));
        text.remove_prefix(end);
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    }
    if (!text.empty() || lines.empty()) lines.emplace_back(text);
    return lines;
}

std::string indented(std::string_view text, std::size_t indent, std::size_t columns) {
    const auto lines = folded(text, columns > indent ? columns - indent : 1);
    return fmt::format("{}", fmt::join(lines, "\n" + std::string(indent, ' ')));
}

std::string alternatives(std::span<const std::string> words) {
    if (words.size() < 2) return fmt::format("{}", fmt::join(words, ""));
    return fmt::format("{} or {}", fmt::join(words.first(words.size() - 1), ", "), words.back());
}

std::string printable(std::string_view bytes) {
    std::string out;
    while (!bytes.empty()) {
        const auto letter = first_character(bytes);
        if (letter && misleads(letter->code)) {
            out += fmt::format("\\u{{{:x}}}", static_cast<std::uint32_t>(letter->code));
            bytes.remove_prefix(letter->bytes);
            continue;
        }
        if (letter && !is_control(letter->code)) {
            out += bytes.substr(0, letter->bytes);
            bytes.remove_prefix(letter->bytes);
            continue;
        }
        out += fmt::format("\\x{:02x}", static_cast<std::uint8_t>(bytes[0]));
        bytes.remove_prefix(1);
    }
    return out;
}

bool is_printable(std::string_view text) { return printable(text) == text; }

std::string html_text(std::string_view text) {
    std::string out;
    for (const char c : printable(text)) {
        switch (c) {
            case '&':
                out += "&amp;";
                continue;
            case '<':
                out += "&lt;";
                continue;
            case '>':
                out += "&gt;";
                continue;
            case '"':
                out += "&quot;";
                continue;
            case '\'':
                out += "&#39;";
                continue;
            default:
                break;
        }
        out += c;
    }
    return out;
}

std::string csv_field(std::string_view text) {
    std::string out;
    if (!text.empty() && std::string_view{"=+-@\t\r\n"}.find(text[0]) != std::string_view::npos)
        out += '\'';
    out += text;
    if (out.find_first_of(",\"\r\n") == std::string::npos) return out;
    std::string quoted = "\"";
    for (const char c : out) {
        quoted += c;
        if (c == '"') quoted += c;
    }
    return quoted + '"';
}

std::string seoul_text(Instant at) {
    auto text = to_text(at + 9 * 3'600'000);
    text.pop_back();  // the Z
    return text + "+09:00";
}

std::string json_text(std::string_view text) {
    std::string out;
    append_json_string(out, is_utf8(text) ? std::string{text} : printable(text));
    return out;
}

}  // namespace yeyak
