#include "privacy/person.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "aggregates/engine/stream_system.h"
#include "privacy/seal.h"

namespace yeyak::privacy {
namespace {

using eventstore::StoreResult;

constexpr std::string_view forms =
    "a person is named prereservation/user:17, market/user:3, market/reservation:12, "
    "vaccination/reg:890309-2766876, vaccination/person:TOKEN, repairshop/vehicle:0101, "
    "phoneshop/order:5 or SYSTEM/key:NAME";

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

// Where the handle says how to find events; false when it is no handle.
bool find_by_kind(const Vault& vault, Person& person, std::string_view kind,
                  std::string_view value) {
    const auto is = [&](std::string_view system, std::string_view wanted) {
        return person.system == system && kind == wanted;
    };
    const auto keep = [&](const std::string& handle) {
        person.key_names = {vault.key_name(handle)};
    };
    if (kind == "key" && is_token(value)) {
        person.key_names = {std::string{value}};
        return true;
    }
    if (is("vaccination", "reg") || is("vaccination", "person")) {
        auto token = std::string{value};
        if (kind == "reg") {
            const auto masked = vault.person(value);
            if (!masked) return false;
            token = masked->token;
        }
        if (!is_token(token)) return false;
        person.recorded = vaccination_person(token);
        person.tag = "person:" + token;
        keep(person.recorded);
        return true;
    }
    if (is("repairshop", "vehicle") && !value.empty()) {
        keep(repairshop_vehicle(value));
        person.recorded = "repairshop/key:" + person.key_names.front();
        return true;
    }
    if (!is_number(value)) return false;
    person.number = value;
    const bool user = is("prereservation", "user") || is("market", "user");
    if (user) person.tag = fmt::format("user:{}", value);
    if (user || is("market", "reservation")) keep(person.recorded);
    if (is("market", "reservation")) person.stream = fmt::format("market.reservation-{}", value);
    if (is("phoneshop", "order")) person.stream = fmt::format("phoneshop.order-{}", value);
    return user || !person.stream.empty();
}

}  // namespace

std::string prereservation_user(std::int64_t user) {
    return fmt::format("prereservation/user:{}", user);
}
std::string market_customer(std::int64_t customer) {
    return fmt::format("market/user:{}", customer);
}
std::string market_reservation(std::int64_t reservation) {
    return fmt::format("market/reservation:{}", reservation);
}
std::string vaccination_person(std::string_view token) {
    return fmt::format("vaccination/person:{}", token);
}
std::string repairshop_vehicle(std::string_view number) {
    return fmt::format("repairshop/vehicle:{}", number);
}
std::string phoneshop_request(std::string_view request) {
    return fmt::format("phoneshop/request:{}", request);
}

std::expected<Person, std::string> parse_person(const Vault& vault, std::string_view handle) {
    const auto slash = handle.find('/');
    const auto colon = handle.find(':');
    Person person;
    if (slash != std::string_view::npos && colon != std::string_view::npos && slash < colon) {
        constexpr std::string_view systems[] = {"prereservation", "vaccination", "market",
                                                "repairshop", "phoneshop"};
        person.system = handle.substr(0, slash);
        person.recorded = handle;
        const bool known = std::ranges::find(systems, person.system) != std::end(systems);
        if (known && find_by_kind(vault, person, handle.substr(slash + 1, colon - slash - 1),
                                  handle.substr(colon + 1)))
            return person;
    }
    return std::unexpected(std::string{forms});
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
    // A reservation of a known customer is sealed with that customer's key, which is left alone.
    if (person.system == "phoneshop" && !person.stream.empty()) streams.insert(person.stream);
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
