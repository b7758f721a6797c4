#include "eventstore/record.h"

#include <cstring>

#include "eventstore/bytes.h"
#include "eventstore/hash.h"
#include "kernel/ensure.h"

namespace yeyak::eventstore {
namespace {

constexpr std::size_t trailer_bytes = sizeof(LeafHash) + 8;
constexpr std::uint8_t first_format = 1;  // knows neither attributes nor data that is no JSON
constexpr std::string_view no_data = "null";

LeafHash leaf_of(Position position, std::string_view body) {
    std::string prefix(1, '\0');
    put_u64_be(prefix, position);
    return sha256({prefix, body});
}

std::string_view view(const LeafHash& leaf) {
    return {reinterpret_cast<const char*>(leaf.data()), leaf.size()};
}

void put_attributes(std::string& out, const std::vector<Attribute>& attributes) {
    put_varint(out, attributes.size());
    for (const auto& attribute : attributes) {
        put_text(out, attribute.name);
        out += static_cast<char>(attribute.type);
        put_text(out, attribute.value);
    }
}

void put_body(std::string& out, const RecordedEvent& event) {
    const NewEvent& data = event.data;
    const bool first = event.format == first_format;
    ensure(!first || (data.attributes.empty() && data.form == DataForm::json),
           "the first format of records holds no attributes");
    out.reserve(out.size() + data.payload.size() + data.type.size() + event.stream.size() + 160);
    out += static_cast<char>(event.format);
    put_u64_be(out, static_cast<std::uint64_t>(event.time.ms));
    put_varint(out, event.version);
    put_text(out, event.stream);
    put_text(out, data.type);
    put_text(out, data.event_id);
    put_text(out, data.correlation_id);
    put_text(out, data.causation_id);
    put_text(out, data.actor);
    put_varint(out, data.tags.size());
    for (const auto& tag : data.tags) put_text(out, tag);
    if (!first) {
        put_attributes(out, data.attributes);
        out += static_cast<char>(data.form);
    }
    if (data.form != DataForm::none) put_text(out, data.payload);
}

bool is_type(Attribute::Type type) {
    return type == Attribute::Type::text || type == Attribute::Type::integer ||
           type == Attribute::Type::boolean;
}

// The error says what does not fit; none when the reader ran past the end, which its caller sees.
std::string_view read_attributes(ByteReader& reader, std::vector<Attribute>& attributes) {
    const auto count = reader.varint();
    if (count > reader.rest().size() / 3) return "the attribute count runs past the end";
    attributes.reserve(count);
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
        Attribute one;
        one.name = reader.text();
        one.type = static_cast<Attribute::Type>(reader.u8());
        one.value = reader.text();
        if (reader.ok() && !is_type(one.type)) return "an attribute has no known type";
        if (!attributes.empty() && one.name <= attributes.back().name)
            return "the attributes are not in order";
        attributes.push_back(std::move(one));
    }
    return {};
}

std::string_view read_form(ByteReader& reader, DataForm& form) {
    form = static_cast<DataForm>(reader.u8());
    const bool known = form == DataForm::json || form == DataForm::base64 || form == DataForm::none;
    return known || !reader.ok() ? std::string_view{} : "the form of the data is not known";
}

std::expected<RecordedEvent, std::string> decode_body(Position position, std::string_view body) {
    RecordedEvent event;
    event.position = position;
    ByteReader reader{body};
    event.format = reader.u8();
    if (event.format != first_format && event.format != record_format)
        return std::unexpected("record format " + std::to_string(event.format) + " is not known");
    event.time.ms = static_cast<std::int64_t>(reader.u64_be());
    event.version = reader.varint();
    event.stream = reader.text();
    event.data.type = reader.text();
    event.data.event_id = reader.text();
    event.data.correlation_id = reader.text();
    event.data.causation_id = reader.text();
    event.data.actor = reader.text();
    const auto tags = reader.varint();
    if (tags > reader.rest().size()) return std::unexpected("the tag count runs past the end");
    event.data.tags.reserve(tags);
    for (std::uint64_t i = 0; i < tags && reader.ok(); ++i)
        event.data.tags.emplace_back(reader.text());
    if (event.format != first_format) {
        if (const auto wrong = read_attributes(reader, event.data.attributes); !wrong.empty())
            return std::unexpected(std::string{wrong});
        if (const auto wrong = read_form(reader, event.data.form); !wrong.empty())
            return std::unexpected(std::string{wrong});
    }
    event.data.payload = event.data.form == DataForm::none ? no_data : reader.text();
    if (!reader.ok()) return std::unexpected("a field runs past the end");
    if (!reader.rest().empty()) return std::unexpected("bytes follow the payload");
    return event;
}

}  // namespace

std::string encode_record(RecordedEvent& event) {
    std::string out;
    put_body(out, event);
    event.leaf = leaf_of(event.position, out);
    out += view(event.leaf);
    put_u64_be(out, xxh3(out, event.position));
    return out;
}

std::expected<RecordedEvent, std::string> decode_record(Position position, std::string_view bytes) {
    if (bytes.size() < trailer_bytes) return std::unexpected("the record is too short");
    ByteReader checksum{bytes.substr(bytes.size() - 8)};
    if (xxh3(bytes.substr(0, bytes.size() - 8), position) != checksum.u64_be())
        return std::unexpected("the checksum does not match");
    auto event = decode_body(position, bytes.substr(0, bytes.size() - trailer_bytes));
    if (event)
        std::memcpy(event->leaf.data(), bytes.data() + bytes.size() - trailer_bytes,
                    event->leaf.size());
    return event;
}

std::string encode_entry(const RecordedEvent& event) {
    std::string out;
    put_u64_be(out, event.position);
    put_body(out, event);
    return out;
}

std::expected<RecordedEvent, std::string> decode_entry(std::string_view entry) {
    ByteReader reader{entry};
    const auto position = reader.u64_be();
    if (!reader.ok()) return std::unexpected("the entry is too short");
    auto event = decode_body(position, reader.rest());
    if (event) event->leaf = leaf_of_entry(entry);
    return event;
}

LeafHash leaf_of_entry(std::string_view entry) {
    constexpr std::string_view prefix{"\0", 1};
    return sha256({prefix, entry});
}

bool leaf_matches(Position position, std::string_view bytes) {
    if (bytes.size() < trailer_bytes) return false;
    const auto body = bytes.substr(0, bytes.size() - trailer_bytes);
    return view(leaf_of(position, body)) == bytes.substr(body.size(), sizeof(LeafHash));
}

}  // namespace yeyak::eventstore
