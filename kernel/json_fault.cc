#include "kernel/json_fault.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "kernel/utf8.h"

namespace yeyak::json_detail {
namespace {

constexpr std::string_view any_value =
    "a value: an object, an array, a text in double quotes, a number, true, false or null";
constexpr std::string_view a_name = "a name in double quotes";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// What stands at the front of a rest, as people see it.
std::string name_of_front(std::string_view rest) {
    if (rest.empty()) return "the end of the text";
    const auto character = first_character(rest);
    if (!character) return "a byte that is not UTF-8";
    if (character->code < 0x20 || character->code == 0x7f)
        return fmt::format("the control character U+{:04X}",
                           static_cast<unsigned>(character->code));
    if (rest.front() == '\'') return "a single quote (')";
    return fmt::format("'{}'", rest.substr(0, character->bytes));
}

std::string located(std::string_view text, std::size_t at, std::string_view expected) {
    std::size_t line = 1;
    std::size_t column = 1;
    for (std::string_view before = text.substr(0, at); !before.empty();) {
        const auto character = first_character(before);
        const bool ends_line = before.front() == '\n';
        column = ends_line ? 1 : column + 1;
        line += ends_line ? 1 : 0;
        before.remove_prefix(character ? character->bytes : 1);
    }
    return fmt::format("line {}, column {}: expected {}, found {}", line, column, expected,
                       name_of_front(text.substr(at)));
}

// Reads one document. Every function answers what it expected where `at_` stands, or nothing when
// it found it and has gone on.
class Scanner {
  public:
    explicit Scanner(std::string_view text) : text_(text) {}

    std::optional<std::string> fault() {
        const auto expected = document();
        if (expected.empty()) return std::nullopt;
        return located(text_, at_, expected);
    }

  private:
    using Expected = std::string_view;  // empty: nothing is wrong

    char front() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    bool take(char c) {
        if (at_ == text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    void skip_blanks() {
        while (at_ < text_.size() && std::string_view{" \t\r\n"}.contains(text_[at_])) ++at_;
    }

    Expected document() {
        skip_blanks();
        if (const auto expected = value(any_value); !expected.empty()) return expected;
        while (!open_.empty())
            if (const auto expected = next_in_holder(); !expected.empty()) return expected;
        skip_blanks();
        return at_ == text_.size() ? Expected{} : "nothing more after the value";
    }

    // Of an object or array only the beginning: what follows is next_in_holder's.
    Expected value(Expected otherwise) {
        switch (front()) {
            case '{':
            case '[':
                open_.push_back(front());
                ++at_;
                return begin_holder();
            case '"':
                ++at_;
                return rest_of_text();
            case 't':
                return word("true");
            case 'f':
                return word("false");
            case 'n':
                return word("null");
            default:
                return front() == '-' || is_digit(front()) ? number() : otherwise;
        }
    }

    Expected begin_holder() {
        const bool object = open_.back() == '{';
        skip_blanks();
        if (take(object ? '}' : ']')) {
            open_.pop_back();
            return {};
        }
        return object ? member("a name in double quotes or '}'")
                      : value("a value or ']' at the end of the array");
    }

    Expected next_in_holder() {
        const bool object = open_.back() == '{';
        skip_blanks();
        if (take(object ? '}' : ']')) {
            open_.pop_back();
            return {};
        }
        if (!take(',')) return object ? "',' or '}'" : "',' or ']'";
        skip_blanks();
        return object ? member(a_name) : value(any_value);
    }

    Expected member(Expected otherwise) {
        if (!take('"')) return otherwise;
        if (const auto expected = rest_of_text(); !expected.empty()) return expected;
        skip_blanks();
        if (!take(':')) return "':' after the name";
        skip_blanks();
        return value(any_value);
    }

    Expected word(std::string_view letters) {
        for (const char letter : letters)
            if (!take(letter)) return letters;
        return {};
    }

    Expected digits() {
        if (!is_digit(front())) return "a digit";
        while (is_digit(front())) ++at_;
        return {};
    }

    Expected number() {
        take('-');
        if (take('0')) {
            if (is_digit(front())) return "no digit after a 0 at the beginning of a number";
        } else if (const auto expected = digits(); !expected.empty()) {
            return expected;
        }
        if (take('.'))
            if (const auto expected = digits(); !expected.empty()) return expected;
        if (take('e') || take('E')) {
            if (!take('+')) take('-');
            return digits();
        }
        return {};
    }

    Expected rest_of_text() {
        while (!take('"')) {
            if (at_ == text_.size()) return "a double quote at the end of the text";
            if (static_cast<unsigned char>(front()) < 0x20)
                return "no control character in a text; \\n and \\u000a are ways to write one";
            if (take('\\')) {
                if (const auto expected = escape(); !expected.empty()) return expected;
                continue;
            }
            const auto character = first_character(text_.substr(at_));
            if (!character) return "UTF-8";
            at_ += character->bytes;
        }
        return {};
    }

    Expected escape() {
        if (take('u')) {
            unsigned unit = 0;
            if (const auto expected = four_digits(unit); !expected.empty()) return expected;
            if (unit >= 0xDC00 && unit <= 0xDFFF) return second_half_alone;
            if (unit < 0xD800 || unit > 0xDBFF) return {};
            if (!take('\\') || !take('u')) return second_half;
            if (const auto expected = four_digits(unit); !expected.empty()) return expected;
            return unit >= 0xDC00 && unit <= 0xDFFF ? Expected{} : second_half;
        }
        if (front() == '\0' || !std::string_view{"\"\\/bfnrt"}.contains(front()))
            return "one of \" \\ / b f n r t u after the backslash";
        ++at_;
        return {};
    }

    Expected four_digits(unsigned& unit) {
        unit = 0;
        for (int i = 0; i < 4; ++i, ++at_) {
            const char c = front();
            if (!is_hex(c)) return "four hexadecimal digits after \\u";
            unit = unit * 16 + static_cast<unsigned>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
        }
        return {};
    }

    static constexpr Expected second_half =
        "the second half of the pair of \\u escapes that began (\\udc00 to \\udfff)";
    static constexpr Expected second_half_alone =
        "the first half (\\ud800 to \\udbff) before this second half of a pair of \\u escapes";

    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<char> open_;  // the objects and arrays around `at_`
};

}  // namespace

std::optional<std::string> find_fault(std::string_view text) { return Scanner{text}.fault(); }

std::string find_bad_utf8(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        const auto character = first_character(text.substr(at));
        if (!character) break;
        at += character->bytes;
    }
    return located(text, at, "UTF-8");
}

}  // namespace yeyak::json_detail
