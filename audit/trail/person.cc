#include "audit/trail/person.h"

#include <fmt/format.h>

#include <algorithm>

#include "aggregates/engine/stream_system.h"
#include "audit/trail/query.h"

namespace yeyak::trail {
namespace {

constexpr std::string_view record_tag = "person:";

}  // namespace

PersonFilter::PersonFilter(People people, const std::string& name) : name_(name) {
    const auto parts = parse_person_name(name);
    if (!parts) {
        value_ = name;
        tags_ = {"user:" + name, "person:" + name};
        return;
    }
    system_ = parts->system;
    value_ = parts->value;
    if (parts->kind == "key") {
        seal_ = "sealed:v1:" + value_ + ":";
        return;
    }
    const auto* kind = find_kind(people, *parts);
    const auto tag = kind && !kind->tag.empty() ? kind->tag : parts->kind;
    tags_ = {fmt::format("{}:{}", tag, value_)};
    if (kind) stream_ = stream_of(*kind, value_);
}

// As they were asked for, or in full.
bool PersonFilter::is_named_in(std::string_view record) const {
    if (record == name_ || record == value_ || record == "*") return true;
    return system_.empty() &&
           (record.ends_with("/user:" + value_) || record.ends_with("/person:" + value_));
}

bool PersonFilter::concerns(const eventstore::RecordedEvent& event) const {
    const bool journal = is_journal(event.stream);
    if (!seal_.empty() && event.data.payload.contains(seal_)) return true;
    return std::ranges::any_of(event.data.tags, [&](const std::string& tag) {
        if (journal)
            return tag.starts_with(record_tag) &&
                   is_named_in(std::string_view{tag}.substr(record_tag.size()));
        return std::ranges::find(tags_, tag) != tags_.end() &&
               (system_.empty() || system_of(event.stream) == system_);
    });
}

bool is_journal(std::string_view stream) { return stream.starts_with("operations."); }

std::string person_of_tag(std::string_view stream, std::string_view tag) {
    if (is_journal(stream))
        return tag.starts_with(record_tag) ? std::string{tag.substr(record_tag.size())} : "";
    if (!tag.starts_with("user:") && !tag.starts_with(record_tag)) return "";
    return fmt::format("{}/{}", system_of(stream), tag);
}

}  // namespace yeyak::trail
