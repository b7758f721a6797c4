#include "audit/trail/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "aggregates/engine/stream_system.h"
#include "kernel/normal_number.h"
#include "kernel/text.h"

namespace yeyak::trail {
namespace {

constexpr std::size_t longest_value = 200;
constexpr std::size_t most_types = 20;
constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t seoul_offset_ms = 9 * 3'600'000;

std::optional<std::uint64_t> number_of(std::string_view text) {
    std::uint64_t number = 0;
    const auto end = text.data() + text.size();
    const auto [read, code] = std::from_chars(text.data(), end, number);
    if (code != std::errc{} || read != end) return std::nullopt;
    return number;
}

Mistake wrong(std::string_view field, std::string detail) {
    return {400, "bad_parameter", std::string{field}, std::move(detail)};
}

// A position, a time, or a day in Seoul, of which `end_of_day` takes the last moment.
std::optional<Mistake> read_bound(std::string_view field, std::string_view text, bool end_of_day,
                                  std::optional<Position>& position, std::optional<Instant>& time) {
    if (const auto number = number_of(text)) {
        position = *number;
    } else if (const auto day = parse_date(text)) {
        const auto start = day->days * day_ms - seoul_offset_ms;
        time = Instant{end_of_day ? start + day_ms - 1 : start};
    } else if (const auto at = parse_instant(text)) {
        time = *at;
    } else {
        return wrong(field, fmt::format("{} is a position (17), a time (2026-11-20T09:00:00+09:00) "
                                        "or a day in Seoul (2026-11-20)",
                                        field));
    }
    return std::nullopt;
}

std::optional<Mistake> take_text(Query& query, std::string_view name, const std::string& value) {
    const std::pair<std::string_view, std::string*> texts[] = {
        {"person", &query.person}, {"order", &query.order}, {"saga", &query.saga},
        {"stream", &query.stream}, {"actor", &query.actor}, {"correlation", &query.correlation},
        {"system", &query.system}, {"from", &query.from},   {"to", &query.to}};
    const auto found =
        std::ranges::find(texts, name, &std::pair<std::string_view, std::string*>::first);
    if (found == std::end(texts))
        return Mistake{400, "unknown_parameter", std::string{name},
                       fmt::format("{} is no filter of the trail", name)};
    if (!found->second->empty()) return wrong(name, fmt::format("{} is given twice", name));
    *found->second = value;
    return std::nullopt;
}

std::optional<Mistake> take(Query& query, const NamedValue& given) {
    const auto& [name, value] = given;
    const auto most = name == "person" ? longest_person : longest_value;
    if (value.empty() || value.size() > most)
        return wrong(name, fmt::format("{} has 1 to {} bytes", name, most));
    if (name == "person" && (value.contains("/reg:") || value.contains("/vehicle:")))
        return wrong(name,
                     "what is asked for is recorded for ever, so no registration number may stand "
                     "in it; ask by SYSTEM/key:NAME, `yeyak audit export` tells the name");
    if (mentions_registration_number(value, Spelling::separated))
        return wrong(name,
                     "what is asked for is recorded for ever, so no registration number may stand "
                     "in it");
    if (!is_printable(value))
        return wrong(name, fmt::format("{} is printable text in UTF-8", name));
    if (name == "type") {
        if (query.types.size() == most_types)
            return wrong(name, fmt::format("at most {} types", most_types));
        query.types.push_back(value);
        return std::nullopt;
    }
    if (name != "after" && name != "limit") return take_text(query, name, value);
    const auto number = number_of(value);
    if (!number || (name == "limit" && *number == 0))
        return wrong(name,
                     fmt::format("{} is a whole number{}", name, name == "limit" ? " from 1" : ""));
    (name == "after" ? query.after : query.limit) = *number;
    return std::nullopt;
}

void add(std::string& out, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out += fmt::format("{}{}={}", out.empty() ? "" : "&", name, value);
}

}  // namespace

std::expected<Query, Mistake> parse_query(const Parameters& values) {
    Query query;
    for (const auto& given : values)
        if (auto mistake = take(query, given)) return std::unexpected(*std::move(mistake));
    std::optional<Position> from;
    if (!query.from.empty())
        if (auto bad = read_bound("from", query.from, false, from, query.from_time))
            return std::unexpected(*std::move(bad));
    query.from_position = from.value_or(0);
    if (!query.to.empty())
        if (auto bad = read_bound("to", query.to, true, query.to_position, query.to_time))
            return std::unexpected(*std::move(bad));
    return query;
}

std::string to_text(const Query& query) {
    std::string out;
    add(out, "person", query.person);
    add(out, "order", query.order);
    add(out, "saga", query.saga);
    add(out, "stream", query.stream);
    add(out, "correlation", query.correlation);
    add(out, "actor", query.actor);
    for (const auto& type : query.types) add(out, "type", type);
    add(out, "system", query.system);
    add(out, "from", query.from);
    add(out, "to", query.to);
    if (query.after > 0) add(out, "after", std::to_string(query.after));
    if (query.limit > 0) add(out, "limit", std::to_string(query.limit));
    return out;
}

bool matches(const Query& query, const RecordedEvent& event) {
    const auto& data = event.data;
    const auto is_type = [&](const std::string& glob) { return glob_matches(glob, data.type); };
    return event.position >= query.from_position && event.position > query.after &&
           (!query.to_position || event.position <= *query.to_position) &&
           (!query.from_time || event.time >= *query.from_time) &&
           (!query.to_time || event.time <= *query.to_time) &&
           (query.stream.empty() || event.stream == query.stream) &&
           (query.correlation.empty() || data.correlation_id == query.correlation) &&
           (query.actor.empty() || data.actor == query.actor) &&
           (query.system.empty() || system_of(event.stream) == query.system ||
            event.stream.starts_with(query.system + ".")) &&
           (query.types.empty() || std::ranges::any_of(query.types, is_type));
}

bool glob_matches(std::string_view glob, std::string_view text) {
    std::size_t g = 0;
    std::size_t t = 0;
    auto star = std::string_view::npos;  // the last '*', and where its text ends so far
    std::size_t after_star = 0;
    while (t < text.size()) {
        if (g < glob.size() && glob[g] == '*') {
            star = g++;
            after_star = t;
        } else if (g < glob.size() && glob[g] == text[t]) {
            ++g;
            ++t;
        } else if (star != std::string_view::npos) {
            g = star + 1;
            t = ++after_star;
        } else {
            return false;
        }
    }
    return glob.find_first_not_of('*', g) == std::string_view::npos;
}

}  // namespace yeyak::trail
