#include "audit/trail/telling.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "kernel/ensure.h"
#include "kernel/normal_number.h"
#include "kernel/text.h"

namespace yeyak::trail {
namespace {

constexpr std::size_t longest_reason = 500;

JsonError wrong(std::string_view field, std::string detail) {
    return {"bad_parameter", std::string{field}, std::move(detail)};
}

std::optional<JsonError> take_reason(Question& question, const std::string& value) {
    if (value.size() > longest_reason)
        return wrong("reason", fmt::format("has at most {} bytes", longest_reason));
    if (!is_printable(value)) return wrong("reason", "is printable text in UTF-8");
    if (mentions_registration_number(value))
        return wrong("reason", "is recorded for ever, so no registration number may stand in it");
    question.reason = value;
    return std::nullopt;
}

std::optional<JsonError> take_columns(Question& question, std::string_view value) {
    const auto end = value.data() + value.size();
    std::size_t columns = 0;
    const auto [read, code] = std::from_chars(value.data(), end, columns);
    if (code != std::errc{} || read != end || columns < least_columns || columns > most_columns)
        return wrong("columns",
                     fmt::format("is a number from {} to {}", least_columns, most_columns));
    question.columns = columns;
    return std::nullopt;
}

std::optional<JsonError> take_format(Question& question, std::string_view value) {
    const auto format = parse_format(value);
    if (!format) return wrong("format", "is table, json, csv or html");
    question.format = *format;
    return std::nullopt;
}

}  // namespace

std::expected<Question, Faults> parse_question(const Parameters& values, Format format) {
    Question question;
    question.format = format;
    Parameters filters;
    Faults faults;
    for (const auto& [name, value] : values) {
        std::optional<JsonError> bad;
        if (name == "reason")
            bad = take_reason(question, value);
        else if (name == "format")
            bad = take_format(question, value);
        else if (name == "columns")
            bad = take_columns(question, value);
        else
            filters.add(name, value);
        if (bad) faults.push_back(*std::move(bad));
    }
    auto query = parse_query(filters);
    if (!query) std::ranges::move(query.error(), std::back_inserter(faults));
    if (values.contains("person") && values["reason"].empty())
        faults.push_back({"missing_reason", "reason",
                          "is required of who reads about a person; it is recorded"});
    if (!faults.empty()) return std::unexpected(std::move(faults));
    question.query = *std::move(query);
    return question;
}

Telling::Telling(Question question, Reader reader, Unseal unseal)
    : question_(std::move(question)),
      reader_(std::move(reader)),
      teller_(reader_.log(), std::move(unseal)),
      writer_(make_writer(question_.format, question_.columns)) {}

Found<std::unique_ptr<Telling>> Telling::open(const eventstore::EventStore& log, People people,
                                              Question question, Unseal unseal,
                                              const Reached& reached) {
    auto reader = Reader::open(log, people, question.query, log.head());
    if (!reader) return std::unexpected(std::move(reader).error());
    auto found = trail::survey(*reader, reached);
    if (!found) return std::unexpected(std::move(found).error());
    std::unique_ptr<Telling> telling{
        new Telling{std::move(question), *std::move(reader), std::move(unseal)}};
    telling->survey_ = *std::move(found);
    return telling;
}

operations::TrailRead Telling::record() const {
    operations::TrailRead fact;
    fact.filter = to_text(question_.query);
    fact.reason = question_.reason;
    fact.events = static_cast<std::int64_t>(survey_.events);
    fact.position = static_cast<std::int64_t>(reader_.head());
    fact.persons = survey_.persons;
    fact.more_persons = survey_.more_persons;
    return fact;
}

void Telling::recorded(Instant at, Position recorded_as, std::string checkpoint) {
    heading_ = {question_.query,   question_.reader,      question_.reason, at,
                reader_.head(),    std::move(checkpoint), recorded_as,      survey_.events,
                survey_.next_after};
}

Found<std::optional<std::string>> Telling::next() {
    ensure(heading_.recorded_as > 0, "a reading is recorded before it is shown");
    if (ended_) return std::nullopt;
    std::string text;
    if (!std::exchange(begun_, true)) text = writer_->begin(heading_);
    auto events = reader_.next();
    if (!events) return std::unexpected(std::move(events).error());
    ended_ = !*events;
    if (ended_) return text + writer_->end();
    for (const auto& event : **events) text += writer_->entry(teller_.tell(event));
    return text;
}

}  // namespace yeyak::trail
