#include "projections/rebuild/switch_note.h"

#include "eventstore/bytes.h"
#include "kernel/events.h"

namespace yeyak::projections {

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
