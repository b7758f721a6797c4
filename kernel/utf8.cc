#include "kernel/utf8.h"

#include <array>
#include <cstdint>

namespace yeyak {
namespace {

// Calls back with each character, or with nothing for a byte that is none; ends early when the
// callback answers false.
template <class Visit>
void each_character(std::string_view text, Visit visit) {
    while (!text.empty()) {
        const auto character = first_character(text);
        if (!visit(character)) return;
        text.remove_prefix(character ? character->bytes : 1);
    }
}

}  // namespace

std::optional<Character> first_character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t first = byte(0);
    if (first < 0x80) return Character{first, 1};
    const std::size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < bytes) return std::nullopt;
    char32_t code = first & (0x7f >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return std::nullopt;
        code = code << 6 | (byte(i) & 0x3f);
    }
    constexpr std::array<char32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = code >= 0xd800 && code < 0xe000;
    if (code < least[bytes] || code > 0x10ffff || surrogate) return std::nullopt;
    return Character{code, bytes};
}

bool is_utf8(std::string_view text) {
    bool valid = true;
    each_character(text, [&](const auto& character) { return valid = character.has_value(); });
    return valid;
}

std::size_t characters(std::string_view text) {
    std::size_t count = 0;
    each_character(text, [&](const auto&) { return ++count > 0; });
    return count;
}

bool has_control(std::string_view text) {
    bool found = false;
    each_character(text, [&](const auto& character) {
        const char32_t code = character ? character->code : U' ';
        found = code < 0x20 || (code >= 0x7f && code < 0xa0);
        return !found;
    });
    return found;
}

}  // namespace yeyak
