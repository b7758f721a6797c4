// JSON text, both ways, for described structs. A struct lists its fields once
// (BOOST_DESCRIBE_STRUCT); user_id in C++ is "userId" on the wire.
//
// Reading is complete and strict: the whole document is parsed (UTF-8, numbers, nesting of at most
// max_depth), a key that occurs twice in any object is refused, so are a missing field, a wrong
// type and a number out of range, each with the field's name. Unknown fields are ignored.
// `Reading::lenient` also takes "1" for 1 and 1 for "1", as the clients of the founding documents
// send them.
//
// The templates are defined in json_impl.h; each context instantiates them once in its codec.cc.
// Thread-safe: every thread has a parser of its own.
#pragma once
#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

namespace yeyak {

enum class Reading { strict, lenient };

// Why a text is not the value asked for. `field` is a path such as "items[2].price", empty for the
// whole document. `code` is stable: malformed_json, duplicate_key, missing_field, wrong_type,
// out_of_range, bad_utf8, too_deep, unknown_event.
struct JsonError {
    std::string code;
    std::string field;
    std::string detail;
};

inline constexpr std::size_t max_json_depth = 32;

template <class T>
std::expected<T, JsonError> from_json(std::string_view text, Reading reading = Reading::strict);

template <class T>
void write_json(std::string& out, const T& value);

template <class T>
std::string to_json(const T& value) {
    std::string out;
    write_json(out, value);
    return out;
}

// `text` as a JSON string, with its quotes. The text must be valid UTF-8.
void append_json_string(std::string& out, std::string_view text);

// Checks a whole document without reading it into anything: what is stored for other programs.
// With `object_only`, anything but an object is refused.
std::expected<void, JsonError> check_json(std::string_view text, bool object_only);

}  // namespace yeyak
