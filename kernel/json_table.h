// The codec without types: every described struct is a table of its fields, and the functions that
// read and write are compiled once, for tables. json_impl.h makes the tables, at compile time; a
// struct costs its few functions below instead of a reader and a writer of its own. Thread-safe.
#pragma once
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "kernel/json.h"

namespace yeyak::json_detail {

enum class Kind : std::uint8_t {
    boolean,
    integer,
    fraction,  // read for settings; never written
    text,
    won,
    instant,
    date,
    enumeration,
    structure,
    optional,
    list,
    // Of bodies alone (json_body.h); never written.
    any,
    choice,
    others,
};

struct TypeTable;

struct FieldTable {
    std::string_view name;     // in C++: user_id
    std::string_view opening;  // what is written before the value: ,"userId":
    const TypeTable* type = nullptr;
    void* (*in)(void* owner) = nullptr;  // where the field is

    // On the wire: userId.
    std::string_view key() const { return opening.substr(2, opening.size() - 4); }
};

bool may_be_left_out(const FieldTable& field);

struct EnumeratorTable {
    std::string_view name;
    std::int64_t value = 0;
};

struct TypeTable {
    Kind kind;
    bool is_bare = false;                     // text: anybody's, neither sealed nor a token
    std::uint8_t bytes = 0;                   // integer, enumeration
    bool is_signed = false;                   // integer, enumeration
    std::span<const FieldTable> fields = {};  // structure; at most 64
    std::span<const EnumeratorTable> enumerators = {};  // enumeration

    // Of what an optional, a list or the others hold.
    const TypeTable* inner = nullptr;
    void* (*add)(void* holder) = nullptr;  // a new value; of an optional, in place of the old one
    void (*clear)(void* optional) = nullptr;  // optional
    // The value, null past the end.
    const void* (*at)(const void* holder, std::size_t index) = nullptr;

    std::span<const TypeTable* const> alternatives = {};  // choice
    // choice: makes it the alternative of this number, and answers where that is.
    void* (*choose)(void* choice, std::size_t number) = nullptr;
    std::size_t (*chosen)(const void* choice) = nullptr;
    // others: a new member; the name of one.
    void* (*add_named)(void* others, std::string_view name) = nullptr;
    std::string_view (*name_at)(const void* others, std::size_t index) = nullptr;
};

using Failure = std::optional<JsonError>;

// Reads a whole document into a value that is as it was made.
Failure read_document(std::string_view text, const TypeTable& type, void* value, Reading reading);

void write_value(std::string& out, const TypeTable& type, const void* value);
// The same as a text that is no longer than it must be.
std::string encode(const TypeTable& type, const void* value);

// --- variants ---

// A shape in which an alternative was released before the present one.
struct FormerTable {
    std::string_view type;
    const FormerTable* former = nullptr;  // the one before it
    // Reads the payload into the variant, as the newest shape.
    Failure (*decode)(std::string_view payload, void* variant) = nullptr;
    // Reads the payload and writes it again, as it is.
    std::expected<std::string, JsonError> (*rewrite)(std::string_view payload) = nullptr;
};

struct AlternativeTable {
    std::string_view type;
    const TypeTable* table = nullptr;
    void* (*emplace)(void* variant) = nullptr;  // makes it the variant's alternative
    const FormerTable* former = nullptr;
};

using VariantTable = std::span<const AlternativeTable>;

Failure decode_variant(const VariantTable& table, std::string_view type, std::string_view payload,
                       void* variant);
// `variant` is only somewhere to read the payload into.
std::expected<std::string, JsonError> rewrite_variant(const VariantTable& table,
                                                      std::string_view type,
                                                      std::string_view payload, void* variant);
bool has_type(const VariantTable& table, std::string_view type);
std::string shape(const VariantTable& table);

}  // namespace yeyak::json_detail
