// Variants through tables: which alternative a type name means, and the fingerprint of them all.
#include "kernel/events.h"

#include <fmt/format.h>

#include "kernel/json_table.h"

namespace yeyak::json_detail {
namespace {

JsonError unknown(std::string_view type) {
    return {"unknown_event", "", fmt::format("no event type is named {}", type)};
}

const FormerTable* former_of(const AlternativeTable& alternative, std::string_view type) {
    const FormerTable* former = alternative.former;
    while (former && former->type != type) former = former->former;
    return former;
}

// A field's type as text; words and signs are part of every fingerprint that was ever stored.
void append_shape(std::string& out, const TypeTable& type) {
    switch (type.kind) {
        case Kind::boolean:
            out += "bool";
            return;
        case Kind::integer:
            out += "int" + std::to_string(type.bytes * (type.is_signed ? 8 : 16));
            return;
        case Kind::fraction:
            return;  // json_impl.h lets no event hold one
        case Kind::text:
            out += "text";
            return;
        case Kind::won:
            out += "won";
            return;
        case Kind::instant:
            out += "instant";
            return;
        case Kind::date:
            out += "date";
            return;
        case Kind::enumeration:
            for (const auto& enumerator : type.enumerators) (out += '|') += enumerator.name;
            return;
        case Kind::structure:
            out += '{';
            for (const auto& field : type.fields) {
                (out += field.name) += ':';
                append_shape(out, *field.type);
                out += ',';
            }
            out += '}';
            return;
        case Kind::optional:
            return append_shape(out += '?', *type.inner);
        case Kind::list:
            return append_shape(out += '*', *type.inner);
        case Kind::any:
        case Kind::choice:
        case Kind::others:
            return;  // of bodies, which no event holds
    }
}

}  // namespace

Failure decode_variant(const VariantTable& table, std::string_view type, std::string_view payload,
                       void* variant) {
    for (const auto& alternative : table) {
        if (alternative.type == type)
            return read_document(payload, *alternative.table, alternative.emplace(variant),
                                 Reading::strict);
        if (const auto* former = former_of(alternative, type))
            return former->decode(payload, variant);
    }
    return unknown(type);
}

std::expected<std::string, JsonError> rewrite_variant(const VariantTable& table,
                                                      std::string_view type,
                                                      std::string_view payload, void* variant) {
    for (const auto& alternative : table) {
        if (alternative.type == type) {
            void* value = alternative.emplace(variant);
            if (auto failure = read_document(payload, *alternative.table, value, Reading::strict))
                return std::unexpected(*std::move(failure));
            return encode(*alternative.table, value);
        }
        if (const auto* former = former_of(alternative, type)) return former->rewrite(payload);
    }
    return std::unexpected(unknown(type));
}

bool has_type(const VariantTable& table, std::string_view type) {
    for (const auto& alternative : table)
        if (alternative.type == type || former_of(alternative, type)) return true;
    return false;
}

std::string shape(const VariantTable& table) {
    std::string text;
    for (const auto& alternative : table) {
        text += alternative.type;
        append_shape(text, *alternative.table);
    }
    std::uint64_t hash = 14695981039346656037u;  // FNV-1a
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
    return fmt::format("{:016x}", hash);
}

}  // namespace yeyak::json_detail
