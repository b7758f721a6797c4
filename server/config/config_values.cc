// What a row of the table means for a value: reading it from text, writing it as TOML, saying what
// is allowed.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <concepts>
#include <type_traits>
#include <utility>

#include "kernel/text.h"
#include "server/config/config_keys.h"

namespace yeyak::server {
namespace {

// In the order of the enumerations in log.h.
using Words = std::span<const std::string_view>;
constexpr std::array<std::string_view, 3> format_words = {"auto", "json", "plain"};
constexpr std::array<std::string_view, 4> level_words = {"debug", "info", "warning", "error"};

Words words_of(const log::Format*) { return format_words; }
Words words_of(const log::Level*) { return level_words; }

constexpr std::string_view instant_words =
    "an instant with seconds and an offset, such as 2026-12-24T08:00:00+09:00";

using Assigned = std::expected<void, Reason>;

struct Assign {
    const ConfigKey& key;
    std::string_view text;

    Assigned operator()(std::int64_t* field) const {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc::invalid_argument || end != text.data() + text.size()) {
            return std::unexpected("must be a whole number");
        }
        if (error != std::errc{} || number < key.min || number > key.max) {
            return std::unexpected(fmt::format("must be {}", allowed_values(key)));
        }
        *field = number;
        return {};
    }
    Assigned operator()(bool* field) const {
        if (text != "true" && text != "false") return std::unexpected("must be true or false");
        *field = text == "true";
        return {};
    }
    template <class Text>
    Assigned operator()(std::optional<Text>* field) const {
        if (text.empty()) {
            field->reset();
            return {};
        }
        Text value;
        const Assigned done = (*this)(&value);
        if (done) *field = std::move(value);
        return done;
    }
    template <class Text>
        requires std::constructible_from<Text, std::string_view>
    Assigned operator()(Text* field) const {
        if (text.empty()) return std::unexpected("must not be empty");
        if (text.find('\0') != text.npos) return std::unexpected("must not hold a zero byte");
        if (key.refuse) {
            if (const auto reason = key.refuse(text)) return std::unexpected(*reason);
        }
        *field = Text(text);
        return {};
    }
    Assigned operator()(Instant* field) const {
        const auto instant = parse_instant(text);
        if (!instant) return std::unexpected(fmt::format("must be {}", instant_words));
        *field = *instant;
        return {};
    }
    template <class Enum>
        requires std::is_enum_v<Enum>
    Assigned operator()(Enum* field) const {
        const Words words = words_of(field);
        const auto found = std::ranges::find(words, text);
        if (found == words.end()) {
            return std::unexpected(fmt::format("must be {}", allowed_values(key)));
        }
        *field = static_cast<Enum>(found - words.begin());
        return {};
    }
};

// What may be written for a value of this type; nothing when the help text says it all.
struct Allowed {
    const ConfigKey& key;

    std::string operator()(const std::int64_t*) const {
        if (key.max == any_number) return fmt::format("at least {}", key.min);
        return fmt::format("from {} to {}", key.min, key.max);
    }
    std::string operator()(const bool*) const { return "true or false"; }
    template <class Enum>
        requires std::is_enum_v<Enum>
    std::string operator()(const Enum* field) const {
        const auto words = words_of(field);
        return alternatives(std::vector<std::string>{words.begin(), words.end()});
    }
    std::string operator()(const std::optional<Instant>*) const {
        return std::string(instant_words);
    }
    template <class Text>
    std::string operator()(const Text*) const {
        return {};
    }
};

struct Literal {
    std::optional<std::string> operator()(const std::int64_t* field) const {
        return fmt::format("{}", *field);
    }
    std::optional<std::string> operator()(const bool* field) const {
        return *field ? "true" : "false";
    }
    template <class Enum>
        requires std::is_enum_v<Enum>
    std::optional<std::string> operator()(const Enum* field) const {
        return fmt::format("\"{}\"", words_of(field)[static_cast<std::size_t>(*field)]);
    }
    std::optional<std::string> operator()(const std::string* field) const {
        return fmt::format("\"{}\"", *field);
    }
    std::optional<std::string> operator()(const std::filesystem::path* field) const {
        return fmt::format("\"{}\"", field->native());
    }
    template <class T>
    std::optional<std::string> operator()(const std::optional<T>*) const {
        return std::nullopt;
    }
};

}  // namespace

Assigned assign(const ConfigKey& key, ServeConfig& config, std::string_view text) {
    return std::visit(Assign{key, text}, key.field(config));
}

std::string allowed_values(const ConfigKey& key) {
    ServeConfig fresh;
    return std::visit(Allowed{key}, key.field(fresh));
}

std::optional<std::string> default_value(const ConfigKey& key) {
    ServeConfig fresh;
    return std::visit(Literal{}, key.field(fresh));
}

bool is_number(const ConfigKey& key) {
    ServeConfig fresh;
    return std::holds_alternative<std::int64_t*>(key.field(fresh));
}

bool is_truth(const ConfigKey& key) {
    ServeConfig fresh;
    return std::holds_alternative<bool*>(key.field(fresh));
}

bool is_instant(const ConfigKey& key) {
    ServeConfig fresh;
    return std::holds_alternative<std::optional<Instant>*>(key.field(fresh));
}

}  // namespace yeyak::server
