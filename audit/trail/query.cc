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

// Reads what is given, and keeps what is wrong with it.
class QueryParser {
  public:
    void take(const NamedValue& given) {
        const auto& [name, value] = given;
        const auto most = name == "person" ? longest_person : longest_value;
        if (value.empty() || value.size() > most)
            return wrong(name, fmt::format("has 1 to {} bytes", most));
        if (mentions_person(name, value)) return;
        if (!is_printable(value)) return wrong(name, "is printable text in UTF-8");
        if (name == "type") {
            if (query_.types.size() == most_types)
                return wrong(name, fmt::format("is given more than {} times", most_types));
            query_.types.push_back(value);
            return;
        }
        if (name != "after" && name != "limit") return take_text(name, value);
        const auto number = number_of(value);
        if (!number || (name == "limit" && *number == 0))
            return wrong(name,
                         fmt::format("is a whole number{}", name == "limit" ? " from 1" : ""));
        (name == "after" ? query_.after : query_.limit) = *number;
    }

    std::expected<Query, Faults> end() {
        std::optional<Position> from;
        read_bound("from", query_.from, false, from, query_.from_time);
        query_.from_position = from.value_or(0);
        read_bound("to", query_.to, true, query_.to_position, query_.to_time);
        if (!faults_.empty()) return std::unexpected(std::move(faults_));
        return std::move(query_);
    }

  private:
    void wrong(std::string_view field, std::string detail) {
        faults_.push_back({"bad_parameter", std::string{field}, std::move(detail)});
    }

    bool mentions_person(std::string_view name, std::string_view value) {
        constexpr std::string_view why =
            "is recorded for ever, so no registration number may stand in it";
        const bool by_number =
            name == "person" && (value.contains("/reg:") || value.contains("/vehicle:"));
        if (by_number)
            wrong(name, fmt::format("{}; ask by SYSTEM/key:NAME, `yeyak audit export` tells the "
                                    "name",
                                    why));
        else if (mentions_registration_number(value, Spelling::separated))
            wrong(name, std::string{why});
        else
            return false;
        return true;
    }

    // A position, a time, or a day in Seoul, of which `end_of_day` takes the last moment.
    void read_bound(std::string_view field, std::string_view text, bool end_of_day,
                    std::optional<Position>& position, std::optional<Instant>& time) {
        if (text.empty()) return;
        if (const auto number = number_of(text)) {
            position = *number;
        } else if (const auto day = parse_date(text)) {
            const auto start = day->days * day_ms - seoul_offset_ms;
            time = Instant{end_of_day ? start + day_ms - 1 : start};
        } else if (const auto at = parse_instant(text)) {
            time = *at;
        } else {
            wrong(field,
                  "is a position (17), a time (2026-11-20T09:00:00+09:00) or a day in Seoul "
                  "(2026-11-20)");
        }
    }

    void take_text(std::string_view name, const std::string& value) {
        const std::pair<std::string_view, std::string*> texts[] = {
            {"person", &query_.person}, {"order", &query_.order},
            {"saga", &query_.saga},     {"stream", &query_.stream},
            {"actor", &query_.actor},   {"correlation", &query_.correlation},
            {"system", &query_.system}, {"from", &query_.from},
            {"to", &query_.to}};
        const auto found =
            std::ranges::find(texts, name, &std::pair<std::string_view, std::string*>::first);
        if (found == std::end(texts))
            return faults_.push_back(
                {"unknown_parameter", std::string{name}, "is no filter of the trail"});
        if (!found->second->empty()) return wrong(name, "is given twice");
        *found->second = value;
    }

    Query query_;
    Faults faults_;
};

void add(std::string& out, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out += fmt::format("{}{}={}", out.empty() ? "" : "&", name, value);
}

}  // namespace

std::expected<Query, Faults> parse_query(const Parameters& values) {
    QueryParser parser;
    for (const auto& given : values) parser.take(given);
    return parser.end();
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
