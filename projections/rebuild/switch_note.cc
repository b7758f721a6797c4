#include "projections/rebuild/switch_note.h"

#include "eventstore/bytes.h"
#include "kernel/events.h"

namespace yeyak::projections {

SwitchNote note_of_switch(std::string how, std::string actor, std::uint64_t generation,
                          const ViewDigest& live) {
    SwitchNote note;
    note.actor = std::move(actor);
    note.fact.view = live.view;
    note.fact.how = std::move(how);
    note.fact.generation = static_cast<std::int64_t>(generation);
    note.fact.projector_version = live.projector_version;
    note.fact.position = static_cast<std::int64_t>(live.position);
    note.fact.rows = static_cast<std::int64_t>(live.rows());
    note.fact.digest = eventstore::to_hex(live.digest);
    return note;
}

std::string encode(const SwitchNote& note) {
    std::string text;
    eventstore::put_text(text, note.actor);
    return text + encode_event(operations::Event{note.fact});
}

std::optional<SwitchNote> decode_switch_note(std::string_view text) {
    eventstore::ByteReader reader{text};
    SwitchNote note;
    note.actor = reader.text();
    if (!reader.ok()) return std::nullopt;
    auto fact = decode_event<operations::Event>(operations::ViewSwitched::type, reader.rest());
    if (!fact) return std::nullopt;
    note.fact = std::get<operations::ViewSwitched>(*std::move(fact));
    return note;
}

}  // namespace yeyak::projections
