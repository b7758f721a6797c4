#include "replay-tools/terminal/text.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdint>
#include <optional>

#include "aggregates/kernel/json.h"

namespace yeyak::tools {
namespace {

struct Letter {
    std::uint32_t code;
    std::size_t bytes;
};

// The letter that begins here; nothing when the bytes are no UTF-8.
std::optional<Letter> letter_at(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t first = byte(0);
    if (first < 0x80) return Letter{first, 1};
    const std::size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < bytes) return std::nullopt;
    std::uint32_t code = first & (0xff >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return std::nullopt;
        code = code << 6 | (byte(i) & 0x3f);
    }
    constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < least[bytes] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        return std::nullopt;
    return Letter{code, bytes};
}

std::size_t cells(std::uint32_t code) {
    const bool wide = (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) ||
                      (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
                      (code >= 0xff00 && code <= 0xff60) || (code >= 0x1f300 && code <= 0x1faff);
    return wide ? 2 : 1;
}

}  // namespace

std::size_t terminal_columns() {
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20) return size.ws_col;
    return 100;
}

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    while (!text.empty()) {
        const auto letter = letter_at(text);
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
        const auto letter = letter_at(text);
        const auto step = letter ? letter->bytes : 1;
        const auto wide = letter ? cells(letter->code) : 1;
        if (width + wide + 1 > columns) break;
        out += text.substr(0, step);
        width += wide;
        text.remove_prefix(step);
    }
    return out + "…";
}

std::string printable(std::string_view bytes) {
    std::string out;
    while (!bytes.empty()) {
        const auto letter = letter_at(bytes);
        if (letter && letter->code >= 0x20 && !(letter->code >= 0x7f && letter->code < 0xa0)) {
            out += bytes.substr(0, letter->bytes);
            bytes.remove_prefix(letter->bytes);
            continue;
        }
        out += fmt::format("\\x{:02x}", static_cast<std::uint8_t>(bytes[0]));
        bytes.remove_prefix(1);
    }
    return out;
}

std::string csv_field(std::string_view text) {
    std::string out;
    if (!text.empty() && std::string_view{"=+-@\t\r"}.find(text[0]) != std::string_view::npos)
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
    append_json_string(out, printable(text));
    return out;
}

}  // namespace yeyak::tools
