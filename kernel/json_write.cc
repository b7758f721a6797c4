// Writing through tables.
#include <charconv>
#include <cstring>

#include "kernel/json_table.h"
#include "kernel/money.h"
#include "kernel/time.h"

namespace yeyak {
namespace json_detail {
namespace {

template <class N>
void write_number(std::string& out, N number) {
    char text[20];
    out.append(text, std::to_chars(text, text + sizeof text, number).ptr);
}

template <class N>
N load(const void* value) {
    N number;
    std::memcpy(&number, value, sizeof number);
    return number;
}

// An integer or an enumerator; an unsigned one of 8 bytes may come out negative.
std::int64_t wide(const TypeTable& type, const void* value) {
    switch (type.bytes) {
        case 1:
            return type.is_signed ? load<std::int8_t>(value) : load<std::uint8_t>(value);
        case 2:
            return type.is_signed ? load<std::int16_t>(value) : load<std::uint16_t>(value);
        case 4:
            return type.is_signed ? load<std::int32_t>(value)
                                  : std::int64_t{load<std::uint32_t>(value)};
        default:
            return load<std::int64_t>(value);
    }
}

void write_integer(std::string& out, const TypeTable& type, const void* value) {
    const auto number = wide(type, value);
    if (type.is_signed)
        write_number(out, number);
    else
        write_number(out, static_cast<std::uint64_t>(number));
}

void write_enumeration(std::string& out, const TypeTable& type, const void* value) {
    const auto number = wide(type, value);
    for (const auto& enumerator : type.enumerators)
        if (enumerator.value == number) return append_json_string(out, enumerator.name);
    append_json_string(out, "?");
}

void write_structure(std::string& out, const TypeTable& type, const void* value) {
    if (type.fields.empty()) {
        out += "{}";
        return;
    }
    for (const FieldTable& field : type.fields) {
        out += field.opening;
        write_value(out, *field.type, field.in(const_cast<void*>(value)));
    }
    out += '}';
}

void write_list(std::string& out, const TypeTable& type, const void* value) {
    out += '[';
    for (std::size_t i = 0; const void* item = type.at(value, i); ++i) {
        if (i != 0) out += ',';
        write_value(out, *type.inner, item);
    }
    out += ']';
}

}  // namespace

void write_value(std::string& out, const TypeTable& type, const void* value) {
    switch (type.kind) {
        case Kind::boolean:
            out += *static_cast<const bool*>(value) ? "true" : "false";
            return;
        case Kind::integer:
            return write_integer(out, type, value);
        case Kind::fraction:
            return;  // json_impl.h lets nothing be written that holds one
        case Kind::text:
            return append_json_string(out, *static_cast<const std::string*>(value));
        case Kind::won:
            return write_number(out, static_cast<const Won*>(value)->amount);
        case Kind::instant:
            return append_json_string(out, to_text(*static_cast<const Instant*>(value)));
        case Kind::date:
            return append_json_string(out, to_text(*static_cast<const Date*>(value)));
        case Kind::enumeration:
            return write_enumeration(out, type, value);
        case Kind::structure:
            return write_structure(out, type, value);
        case Kind::optional:
            if (const void* held = type.at(value, 0)) return write_value(out, *type.inner, held);
            out += "null";
            return;
        case Kind::list:
            return write_list(out, type, value);
        case Kind::any:
        case Kind::choice:
        case Kind::others:
            return;  // of bodies, which are only read
    }
}

std::string encode(const TypeTable& type, const void* value) {
    thread_local std::string buffer;
    buffer.clear();
    write_value(buffer, type, value);
    return buffer;
}

}  // namespace json_detail

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    std::size_t clean = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        out.append(text, clean, i - clean);
        clean = i + 1;
        if (c == '"' || c == '\\') {
            out += '\\';
            out += text[i];
        } else if (c == '\n') {
            out += "\\n";
        } else {
            out += "\\u00";
            out += "01"[c >> 4];
            out += "0123456789abcdef"[c & 15];
        }
    }
    out.append(text, clean, text.size() - clean);
    out += '"';
}

}  // namespace yeyak
