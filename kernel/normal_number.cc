#include "kernel/normal_number.h"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>
#include <optional>

#include "kernel/utf8.h"

namespace yeyak {
namespace {

// The characters of a text in their composed form, without compatibility forms: every space is ' ',
// every dash '-', and what is not seen is left out. Nothing when it is no UTF-8.
std::optional<std::u32string> simple_characters(std::string_view text) {
    utf8proc_uint8_t* mapped = nullptr;
    const auto size = utf8proc_map(
        reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
        static_cast<utf8proc_ssize_t>(text.size()), &mapped,
        static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT));
    if (size < 0) return std::nullopt;
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned{mapped, &std::free};
    std::string_view left{reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(size)};
    std::u32string characters;
    while (!left.empty()) {
        const auto [code, bytes] = first_character(left).value();
        const auto kind = utf8proc_category(static_cast<utf8proc_int32_t>(code));
        if (kind == UTF8PROC_CATEGORY_ZS)
            characters += U' ';
        else if (kind == UTF8PROC_CATEGORY_PD)
            characters += U'-';
        else if (kind != UTF8PROC_CATEGORY_CF)
            characters += code;
        left.remove_prefix(bytes);
    }
    return characters;
}

void append_utf8(std::string& out, char32_t code) {
    utf8proc_uint8_t bytes[4];
    const auto size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code), bytes);
    out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }

std::size_t digits_at(std::u32string_view text) {
    std::size_t count = 0;
    while (count < text.size() && is_digit(text[count])) ++count;
    return count;
}

// YYMMDD
bool is_birthday(std::u32string_view digits) {
    const auto month = (digits[2] - U'0') * 10 + (digits[3] - U'0');
    const auto day = (digits[4] - U'0') * 10 + (digits[5] - U'0');
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

// Whether one begins here, at the beginning of a run of digits.
bool begins_with_number(std::u32string_view text, Spelling spelling) {
    constexpr std::size_t date = 6;
    constexpr std::size_t rest = 7;
    const auto run = digits_at(text);
    if (run < date || !is_birthday(text)) return false;
    if (run == date + rest) return spelling == Spelling::any;
    auto after = text.substr(run);
    if (run != date || after.empty() || (after[0] != U' ' && after[0] != U'-')) return false;
    while (!after.empty() && (after[0] == U' ' || after[0] == U'-')) after.remove_prefix(1);
    return digits_at(after) == rest;
}

}  // namespace

std::string normal_number(std::string_view text) {
    const auto characters = simple_characters(text);
    if (!characters) return std::string{text};
    std::string normal;
    for (const auto code : *characters) {
        if (code == U' ' || code == U'-') continue;
        append_utf8(normal, code >= U'a' && code <= U'z' ? code - U'a' + U'A' : code);
    }
    return normal;
}

bool mentions_registration_number(std::string_view text, Spelling spelling) {
    const auto characters = simple_characters(text);
    if (!characters) return false;
    std::u32string_view left{*characters};
    while (!left.empty()) {
        const auto run = digits_at(left);
        if (run > 0 && begins_with_number(left, spelling)) return true;
        left.remove_prefix(run == 0 ? 1 : run);
    }
    return false;
}

}  // namespace yeyak
