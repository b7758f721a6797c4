#include "kernel/utf8.h"

#include <cstdint>

namespace yeyak {
namespace {

// Calls back with each character, or with the single byte where none is, and its length (0 for
// such a byte); ends early when the callback answers false.
template <class Visit>
void each_character(std::string_view text, Visit visit) {
    while (!text.empty()) {
        const auto length = utf8_length(text);
        const auto taken = length == 0 ? 1 : length;
        if (!visit(text.substr(0, taken), length)) return;
        text.remove_prefix(taken);
    }
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t first = byte(0);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0) != 0x80) return 0;
    if (first == 0xE0 && byte(1) < 0xA0) return 0;
    if (first == 0xED && byte(1) > 0x9F) return 0;
    if (first == 0xF0 && byte(1) < 0x90) return 0;
    if (first == 0xF4 && byte(1) > 0x8F) return 0;
    return length;
}

bool is_utf8(std::string_view text) {
    bool valid = true;
    each_character(text, [&](std::string_view, std::size_t length) { return valid = length > 0; });
    return valid;
}

std::size_t characters(std::string_view text) {
    std::size_t count = 0;
    each_character(text, [&](std::string_view, std::size_t) { return ++count > 0; });
    return count;
}

bool has_control(std::string_view text) {
    bool found = false;
    each_character(text, [&](std::string_view character, std::size_t length) {
        const auto byte = static_cast<std::uint8_t>(character.back());
        found = length == 1 ? byte < 0x20 || byte == 0x7F
                            : length == 2 && character.front() == '\xC2' && byte < 0xA0;
        return !found;
    });
    return found;
}

std::string as_utf8(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size());
    each_character(bytes, [&](std::string_view character, std::size_t length) {
        text += length == 0 ? "\xEF\xBF\xBD" : character;
        return true;
    });
    return text;
}

}  // namespace yeyak
