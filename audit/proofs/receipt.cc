#include "audit/proofs/receipt.h"

#include <fmt/format.h>

#include "audit/proofs/base64.h"
#include "audit/proofs/proof_json.h"
#include "eventstore/record.h"
#include "kernel/json.h"

namespace yeyak::audit {
namespace {

using eventstore::RecordedEvent;

constexpr std::string_view format_name = "yeyak receipt 1";

void append_text(std::string& out, std::string_view name, std::string_view value) {
    out += fmt::format("\"{}\":", name);
    append_json_string(out, value);
    out += ',';
}

// What only the events of foreign writers have.
void append_attributes(std::string& out, const eventstore::NewEvent& event) {
    using eventstore::DataForm;
    for (const auto& [name, type, value] : event.attributes) {
        out += &name == &event.attributes.front().name ? ",\"attributes\":{" : ",";
        append_json_string(out, name);
        out += ':';
        if (type == eventstore::Attribute::Type::text)
            append_json_string(out, value);
        else
            out += value;
    }
    if (!event.attributes.empty()) out += '}';
    if (event.form != DataForm::json)
        out +=
            fmt::format(",\"dataForm\":\"{}\"", event.form == DataForm::base64 ? "base64" : "none");
}

// Without white space; nothing when it is no JSON at all.
std::optional<std::string> minified(std::string_view json) {
    std::string out(json.size(), '\0');
    std::size_t size = 0;
    if (simdjson::minify(json.data(), json.size(), out.data(), size) != simdjson::SUCCESS)
        return std::nullopt;
    out.resize(size);
    return out;
}

bool take_event(ondemand::value value, std::string& out) {
    ondemand::object object;
    std::string_view raw;
    if (value.get_object().get(object) != simdjson::SUCCESS ||
        object.raw_json().get(raw) != simdjson::SUCCESS)
        return false;
    out = raw;
    return true;
}

bool take_field(Receipt& receipt, std::string_view name, ondemand::value value) {
    if (name == "format") return text_of(value) == format_name;
    if (name == "event") return take_event(value, receipt.event);
    if (name == "leafIndex") return take(value, receipt.leaf_index);
    if (name == "leafHash") return take(value, receipt.leaf_hash);
    if (name == "treeSize") return take(value, receipt.tree_size);
    if (name == "inclusionProof") return take(value, receipt.proof);
    auto text = text_of(value);
    if (text && name == "entry") text = from_base64(*text);
    if (!text) return false;
    (name == "entry" ? receipt.entry : receipt.checkpoint) = *std::move(text);
    return true;
}

constexpr std::string_view fields[] = {"format",   "event",    "entry",          "leafIndex",
                                       "leafHash", "treeSize", "inclusionProof", "checkpoint"};

}  // namespace

std::string event_json(const RecordedEvent& event) {
    auto out = fmt::format("{{\"position\":{},", event.position);
    append_text(out, "stream", event.stream);
    out += fmt::format("\"version\":{},", event.version);
    append_text(out, "type", event.data.type);
    append_text(out, "time", to_text(event.time));
    append_text(out, "eventId", event.data.event_id);
    append_text(out, "correlationId", event.data.correlation_id);
    append_text(out, "causationId", event.data.causation_id);
    append_text(out, "actor", event.data.actor);
    out += "\"tags\":[";
    for (const auto& tag : event.data.tags) {
        if (out.back() != '[') out += ',';
        append_json_string(out, tag);
    }
    out += ']';
    append_attributes(out, event.data);
    out += fmt::format(",\"data\":{}}}", event.data.payload);
    return out;
}

Result<Receipt> make_receipt(const RecordedEvent& event, const SignedCheckpoint& checkpoint,
                             const Nodes& nodes) {
    const auto& head = checkpoint.checkpoint.head;
    Receipt receipt;
    receipt.entry = eventstore::encode_entry(event);
    receipt.leaf_hash = eventstore::leaf_of_entry(receipt.entry);
    if (receipt.leaf_hash != event.leaf)
        return std::unexpected(fmt::format(
            "the leaf hash stored with event {} is not that of its bytes", event.position));
    receipt.event = event_json(event);
    receipt.leaf_index = event.position - 1;
    receipt.tree_size = head.size;
    auto proof = prove_inclusion(nodes, receipt.leaf_index, head.size);
    if (!proof) return std::unexpected(std::move(proof).error());
    receipt.proof = *std::move(proof);
    receipt.checkpoint = checkpoint.note;
    const auto checked =
        check_inclusion(receipt.leaf_hash, receipt.leaf_index, head.size, head.root, receipt.proof);
    if (!checked)
        return std::unexpected(
            fmt::format("the stored tree does not prove event {}: it is damaged", event.position));
    return receipt;
}

std::string to_json(const Receipt& receipt) {
    auto out = fmt::format("{{\"format\":\"{}\",\"event\":{},", format_name, receipt.event);
    append_text(out, "entry", base64(receipt.entry));
    out += fmt::format("\"leafIndex\":{},", receipt.leaf_index);
    append_text(out, "leafHash", base64(receipt.leaf_hash));
    out += fmt::format("\"treeSize\":{},\"inclusionProof\":{},\"checkpoint\":", receipt.tree_size,
                       hashes_json(receipt.proof));
    append_json_string(out, receipt.checkpoint);
    out += '}';
    return out;
}

Result<Receipt> parse_receipt(std::string_view json) {
    Receipt receipt;
    const auto read =
        read_object(json, "receipt", fields, [&](std::string_view name, ondemand::value value) {
            return take_field(receipt, name, value);
        });
    if (!read) return std::unexpected(read.error());
    return receipt;
}

Result<Proven> verify(const Receipt& receipt, const VerifierKey& key) {
    auto event = eventstore::decode_entry(receipt.entry);
    if (!event) return std::unexpected("the entry cannot be read: " + event.error());
    if (event->position - 1 != receipt.leaf_index)
        return std::unexpected("the entry is of another position than the receipt says");
    if (event->leaf != receipt.leaf_hash)
        return std::unexpected("the leaf hash is not that of the entry");
    const auto note = parse_note(receipt.checkpoint);
    const auto stated =
        note ? parse_checkpoint(note->text) : Result<Checkpoint>{std::unexpected(note.error())};
    if (!stated) return std::unexpected("the checkpoint cannot be read: " + stated.error());
    if (stated->head.size != receipt.tree_size)
        return std::unexpected("the checkpoint is of another size than the receipt says");
    const auto included = check_inclusion(event->leaf, receipt.leaf_index, receipt.tree_size,
                                          stated->head.root, receipt.proof);
    if (!included) return std::unexpected(included.error());
    // Last, because a signature costs as much as all of the above many times over.
    auto checkpoint = open_checkpoint(receipt.checkpoint, key);
    if (!checkpoint) return std::unexpected(std::move(checkpoint).error());
    const auto shown = minified(receipt.event);
    bool says_the_same = shown && shown == minified(event_json(*event));
    if (!says_the_same)
        return std::unexpected("the readable event does not say what the entry says");
    return Proven{*std::move(event), *std::move(checkpoint)};
}

}  // namespace yeyak::audit
