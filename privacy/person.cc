#include "privacy/person.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "aggregates/engine/stream_system.h"
#include "kernel/normal_number.h"
#include "privacy/seal.h"

namespace yeyak::privacy {
namespace {

using eventstore::StoreResult;

constexpr std::string_view key_kind = "key";

bool is_token(std::string_view text) {
    return text.size() == key_name_size && from_hex(text).has_value();
}

bool is_number(std::string_view text) {
    std::int64_t number = 0;
    const auto end = text.data() + text.size();
    const auto [read, code] = std::from_chars(text.data(), end, number);
    return code == std::errc{} && read == end && number > 0 && !text.starts_with('0');
}

void add(std::vector<std::string>& names, std::string_view name) {
    if (std::ranges::find(names, name) == names.end()) names.emplace_back(name);
}

StoreResult<void> collect_from_stream(const eventstore::EventStore& store,
                                      const std::string& stream, std::vector<std::string>& names) {
    eventstore::StreamQuery query;
    query.stream = stream;
    query.from = 1;
    while (true) {
        const auto page = store.read_stream(query);
        if (!page) return std::unexpected(page.error());
        for (const auto& event : page->events) collect_key_names(event->data.payload, names);
        if (page->end || page->events.empty()) return {};
        query.from = page->events.back()->version + 1;
    }
}

// What the value stands for: itself, or the keyed hash that it is known by. Nothing when it is none
// of its kind.
std::optional<std::string> meant_by(const Vault& vault, PersonKind::Value kind,
                                    std::string_view value) {
    switch (kind) {
        case PersonKind::Value::number:
            if (is_number(value)) return std::string{value};
            break;
        case PersonKind::Value::token:
            if (is_token(value)) return std::string{value};
            break;
        case PersonKind::Value::personal:
            if (auto number = normal_number(value); !number.empty()) return number;
            break;
        case PersonKind::Value::registration:
            if (auto masked = vault.person(RegistrationNumber{std::string{value}}))
                return std::move(masked->token);
            break;
    }
    return std::nullopt;
}

std::optional<Person> person_of(const Vault& vault, const PersonKind& kind,
                                std::string_view value) {
    const auto meant = meant_by(vault, kind.value, value);
    if (!meant) return std::nullopt;
    Person person;
    person.system = kind.system;
    const auto handle =
        person_name(kind.system, kind.recorded_as.empty() ? kind.kind : kind.recorded_as, *meant);
    person.recorded = handle;
    if (kind.has_key) person.key_names = {vault.key_name(handle)};
    if (kind.value == PersonKind::Value::personal)
        person.recorded = person_name(kind.system, key_kind, vault.key_name(handle));
    if (!kind.tag.empty()) person.tag = fmt::format("{}:{}", kind.tag, *meant);
    person.stream = stream_of(kind, *meant);
    person.keys_in_stream = !kind.has_key;
    return person;
}

bool is_system(People people, std::string_view name) {
    return std::ranges::find(people, name, &PersonKind::system) != people.end();
}

}  // namespace

std::string forms_of(People people) {
    std::string forms;
    for (const auto& kind : people)
        forms += person_name(kind.system, kind.kind, kind.example) + ", ";
    if (!forms.empty()) forms.resize(forms.size() - 2);
    return forms + " or SYSTEM/key:NAME";
}

std::expected<Person, std::string> parse_person(People people, const Vault& vault,
                                                std::string_view handle) {
    std::optional<Person> person;
    if (const auto name = parse_person_name(handle)) {
        if (const auto* kind = find_kind(people, *name)) {
            person = person_of(vault, *kind, name->value);
        } else if (name->kind == key_kind && is_token(name->value) &&
                   is_system(people, name->system)) {
            person.emplace();
            person->system = name->system;
            person->recorded = handle;
            person->key_names = {std::string{name->value}};
        }
    }
    if (!person) return std::unexpected("a person is named " + forms_of(people));
    return *std::move(person);
}

std::optional<std::string> told_for_ever(std::string_view text, People people,
                                         std::string_view handle) {
    const auto name = parse_person_name(handle);
    const auto* kind = name ? find_kind(people, *name) : nullptr;
    const bool by_number = kind && (kind->value == PersonKind::Value::registration ||
                                    kind->value == PersonKind::Value::personal);
    const auto number = by_number ? normal_number(name->value) : std::string{};
    if (!mentions_registration_number(text) &&
        (number.empty() || !normal_number(text).contains(number)))
        return std::nullopt;
    return "it is recorded for ever, so no number that names a person may stand in it";
}

void collect_key_names(std::string_view text, std::vector<std::string>& names) {
    for (auto sealed = find_sealed(text); sealed;
         sealed = find_sealed(text, static_cast<std::size_t>(sealed->whole.data() - text.data()) +
                                        sealed->whole.size()))
        add(names, sealed->key_name);
}

StoreResult<std::vector<std::string>> key_names_of(const eventstore::EventStore& store,
                                                   const Person& person) {
    auto names = person.key_names;
    std::set<std::string> streams;
    if (person.keys_in_stream) streams.insert(person.stream);
    eventstore::AllQuery query;
    query.filter.tags = {person.tag};
    bool more = !person.tag.empty();
    while (more) {
        const auto page = store.read_all(query);
        if (!page) return std::unexpected(page.error());
        for (const auto& event : page->events)
            if (system_of(event->stream) == person.system) streams.insert(event->stream);
        query.after = page->next_after;
        more = !page->end;
    }
    for (const auto& stream : streams)
        if (auto read = collect_from_stream(store, stream, names); !read)
            return std::unexpected(read.error());
    return names;
}

}  // namespace yeyak::privacy
