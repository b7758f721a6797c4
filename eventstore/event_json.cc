#include "eventstore/event_json.h"

#include <fmt/format.h>

#include <charconv>

#include "eventstore/cloud_event.h"
#include "kernel/json.h"

namespace yeyak::eventstore {

std::optional<Expected> parse_expected(std::string_view word) {
    if (word == "any") return Expected::any();
    if (word == "no-stream") return Expected::no_stream();
    if (word == "exists") return Expected::exists();
    Version version = 0;
    const auto end = word.data() + word.size();
    const auto [read, code] = std::from_chars(word.data(), end, version);
    if (code != std::errc{} || read != end) return std::nullopt;
    return Expected::exactly(version);
}

void append_event_json(std::string& out, const RecordedEvent& event) {
    out += '{';
    each_attribute(event, [&](std::string_view name, Attribute::Type type, std::string_view value) {
        append_json_string(out, name);
        out += ':';
        if (type == Attribute::Type::text)
            append_json_string(out, value);
        else
            out += value;
        out += ',';
    });
    if (event.data.form == DataForm::none)
        out.back() = '}';
    else
        out +=
            fmt::format("\"{}\":{}}}", event.data.form == DataForm::base64 ? "data_base64" : "data",
                        event.data.payload);
}

}  // namespace yeyak::eventstore
