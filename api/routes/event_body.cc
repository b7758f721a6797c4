#include "api/routes/event_body.h"

#include <algorithm>

#include "api/routes/body_impl.h"
#include "api/routes/event_forms.h"
#include "eventstore/cloud_event.h"
#include "eventstore/event_json.h"
#include "eventstore/staging.h"
#include "kernel/ensure.h"
#include "server/config/config.h"

namespace yeyak::api {

using eventstore::Attribute;
using eventstore::Commit;
using eventstore::DataForm;
using eventstore::NewEvent;

// --- what is sent ---

using Texts = std::vector<std::string>;
using Scalar = std::variant<std::string, bool, std::int64_t>;

struct EventBody {
    static constexpr bool names_as_written = true;  // CloudEvents have named them
    std::string type;
    std::optional<JsonText> data;
    std::optional<std::string> data_base64;
    std::optional<std::string> id;
    std::optional<std::variant<Texts, std::string>> tags;
    std::optional<std::string> correlationid;
    std::optional<std::string> causationid;
    std::optional<std::string> actor;
    std::optional<std::string> specversion;
    std::optional<std::string> source;
    std::optional<std::string> subject;
    std::optional<std::string> time;
    std::optional<std::string> dataschema;
    std::optional<std::string> datacontenttype;
    Others<std::optional<Scalar>> others;
};
BOOST_DESCRIBE_STRUCT(EventBody, (),
                      (type, data, data_base64, id, tags, correlationid, causationid, actor,
                       specversion, source, subject, time, dataschema, datacontenttype, others))

struct AppendBody {
    std::string stream;
    std::optional<std::variant<std::int64_t, std::string>> expected;
    std::vector<EventBody> events;
};
BOOST_DESCRIBE_STRUCT(AppendBody, (), (stream, expected, events))

struct ConditionBody {
    std::optional<std::int64_t> after;
    std::optional<Texts> tags;
    std::optional<Texts> types;
    std::optional<Texts> categories;
};
BOOST_DESCRIBE_STRUCT(ConditionBody, (), (after, tags, types, categories))

struct CommitBody {
    std::vector<AppendBody> appends;
    std::optional<std::vector<ConditionBody>> conditions;
};
BOOST_DESCRIBE_STRUCT(CommitBody, (), (appends, conditions))

namespace {

// --- what it may hold ---

namespace forms = event_forms;

constexpr std::string_view too_large = "commit_too_large";

template <class Member>
Field name_field(Member member) {
    return field(member)
        .bytes(1, eventstore::max_name_bytes)
        .form(forms::not_empty)
        .code(too_large);
}

template <class Member>
Field attribute_field(Member member, const TextForm& form) {
    return field(member).bytes(1, eventstore::max_attribute_bytes).form(form).code(too_large);
}

Field tag_list() {
    return Field{}
        .items(0, eventstore::max_tags)
        .bytes(1, eventstore::max_name_bytes)
        .code(too_large);
}

std::vector<Field> event_fields() {
    return {name_field(&EventBody::type),
            field(&EventBody::data).about("any JSON"),
            field(&EventBody::data_base64).form(forms::base64),
            name_field(&EventBody::id),
            field(&EventBody::tags)
                .either({tag_list(),
                         Field{}.form(forms::joined_tags).about("with commas between them")}),
            name_field(&EventBody::correlationid),
            name_field(&EventBody::causationid),
            field(&EventBody::actor).form(forms::actor),
            field(&EventBody::specversion).one_of({"1.0"}).code("wrong_type"),
            attribute_field(&EventBody::source, forms::uri_reference),
            attribute_field(&EventBody::subject, forms::not_empty),
            attribute_field(&EventBody::time, forms::instant),
            attribute_field(&EventBody::dataschema, forms::uri),
            attribute_field(&EventBody::datacontenttype, forms::media_type),
            field(&EventBody::others)
                .form(forms::attribute_name)
                .either({Field{}.bytes(0, eventstore::max_attribute_bytes).code(too_large), Field{},
                         Field{}.from(INT32_MIN, INT32_MAX)})
                .about("an attribute of the writer's own")};
}

BodyOptions event_options() {
    constexpr std::string_view why = "is no attribute that a writer can give; leave it out";
    return {.refused = {{"position", why},
                        {"version", why},
                        {"stream", why},
                        {"recordedtime", why},
                        {"leafhash", why}},
            .any_of = {"data", "data_base64", "specversion"},
            .at_most_one = {"data", "data_base64"},
            .with = BodyOptions::With{"specversion", {"id", "source"}, {"tags"}},
            .refused_as = "reserved_attribute"};
}

BodyOptions cloud_event_options() {
    auto options = event_options();
    options.required = {"specversion", "id", "source"};
    return options;
}

Field several(Field list, const Body<EventBody>& each) {
    return list.items(1, eventstore::max_events_per_commit).code(too_large, "no_events").each(each);
}

template <class Member>
Field searched(Member member) {
    return field(member)
        .items(0, eventstore::max_condition_values)
        .bytes(0, eventstore::max_name_bytes)
        .code("condition_too_wide");
}

// No event has an empty one: a condition that looks for it would guard nothing.
template <class Member>
Field searched_name(Member member) {
    return searched(member).bytes(1, eventstore::max_name_bytes).form(forms::not_empty);
}

const Body<EventBody> event_body{Reading::strict, event_fields(), event_options()};
const Body<EventBody> cloud_event_body{Reading::strict, event_fields(), cloud_event_options()};
const ListBody<EventBody> events_body{several(Field{}, event_body)};
const ListBody<EventBody> cloud_events_body{several(Field{}, cloud_event_body)};

const Body<AppendBody> append_body{
    Reading::strict,
    {field(&AppendBody::stream)
         .bytes(1, eventstore::max_name_bytes)
         .code("bad_stream_name")
         .about("without a dot before the first '-'"),
     field(&AppendBody::expected)
         .either({Field{}.from(0).code("wrong_type"), Field{}.form(forms::expectation)}),
     several(field(&AppendBody::events), event_body)},
    {.not_null = {"expected"}}};

const Body<ConditionBody> condition_body{
    Reading::strict,
    {field(&ConditionBody::after).from(0).code("wrong_type"), searched_name(&ConditionBody::tags),
     searched_name(&ConditionBody::types), searched(&ConditionBody::categories)},
    {.any_of = {"tags", "types", "categories"},
     .not_null = {"after", "tags", "types", "categories"}}};

const Body<CommitBody> commit_body{Reading::strict,
                                   {field(&CommitBody::appends)
                                        .items(1, eventstore::max_events_per_commit)
                                        .code(too_large, "missing_field")
                                        .each(append_body),
                                    field(&CommitBody::conditions)
                                        .items(0, eventstore::max_condition_values)
                                        .code("condition_too_wide")
                                        .each(condition_body)},
                                   {.not_null = {"conditions"}}};

// No setting concerns them.
const server::LimitsConfig no_limits;

// --- what the log is given ---

void take_attribute(NewEvent& event, std::string_view name, std::optional<std::string>& value) {
    if (value)
        event.attributes.push_back({std::string{name}, Attribute::Type::text, *std::move(value)});
}

Attribute attribute_of(std::string name, Scalar value) {
    if (const bool* truth = std::get_if<bool>(&value))
        return {std::move(name), Attribute::Type::boolean, *truth ? "true" : "false"};
    if (const auto* number = std::get_if<std::int64_t>(&value))
        return {std::move(name), Attribute::Type::integer, std::to_string(*number)};
    return {std::move(name), Attribute::Type::text, std::get<std::string>(std::move(value))};
}

std::vector<std::string> tags_of(std::variant<Texts, std::string> tags) {
    if (auto* list = std::get_if<Texts>(&tags)) return std::move(*list);
    auto split = eventstore::split_tags(std::get<std::string>(tags));
    ensure(split.has_value(), "the form of joined tags was checked");
    return *std::move(split);
}

void take_data(NewEvent& event, EventBody& body) {
    event.form = body.data ? DataForm::json : body.data_base64 ? DataForm::base64 : DataForm::none;
    if (body.data)
        event.payload = std::move(body.data->text);
    else if (body.data_base64)
        append_json_string(event.payload, *body.data_base64);
    else
        event.payload = "null";
}

NewEvent event_of(EventBody body) {
    NewEvent event;
    event.type = std::move(body.type);
    event.event_id = std::move(body.id).value_or("");
    event.correlation_id = std::move(body.correlationid).value_or("");
    event.causation_id = std::move(body.causationid).value_or("");
    event.actor = std::move(body.actor).value_or("");
    if (body.tags) event.tags = tags_of(*std::move(body.tags));
    take_attribute(event, "source", body.source);
    take_attribute(event, "subject", body.subject);
    take_attribute(event, "time", body.time);
    take_attribute(event, "dataschema", body.dataschema);
    take_attribute(event, "datacontenttype", body.datacontenttype);
    for (auto& [name, value] : body.others.members)
        if (value) event.attributes.push_back(attribute_of(std::move(name), *std::move(value)));
    std::ranges::sort(event.attributes, {}, &Attribute::name);
    take_data(event, body);
    return event;
}

std::vector<NewEvent> events_of(std::vector<EventBody> bodies) {
    std::vector<NewEvent> events;
    for (auto& body : bodies) events.push_back(event_of(std::move(body)));
    return events;
}

eventstore::Expected expected_of(const std::variant<std::int64_t, std::string>& expected) {
    if (const auto* version = std::get_if<std::int64_t>(&expected))
        return eventstore::Expected::exactly(static_cast<eventstore::Version>(*version));
    const auto parsed = eventstore::parse_expected(std::get<std::string>(expected));
    ensure(parsed.has_value(), "the form of an expectation was checked");
    return *parsed;
}

eventstore::StreamAppend append_of(AppendBody body) {
    eventstore::StreamAppend append;
    append.stream = std::move(body.stream);
    if (body.expected) append.expected = expected_of(*body.expected);
    append.events = events_of(std::move(body.events));
    return append;
}

eventstore::Unchanged condition_of(ConditionBody body) {
    eventstore::Unchanged condition;
    condition.after = static_cast<eventstore::Position>(body.after.value_or(0));
    condition.filter = {std::move(body.categories).value_or(Texts{}),
                        std::move(body.types).value_or(Texts{}),
                        std::move(body.tags).value_or(Texts{})};
    return condition;
}

bool is_array(std::string_view body) {
    const auto first = body.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && body[first] == '[';
}

}  // namespace

std::expected<std::vector<NewEvent>, BodyErrors> read_events(std::string_view text,
                                                             Envelope envelope) {
    const bool batch = envelope == Envelope::batch;
    std::vector<NewEvent> events;
    if (batch || (envelope == Envelope::any && is_array(text))) {
        auto bodies = (batch ? cloud_events_body : events_body).read(text, no_limits);
        if (!bodies) return std::unexpected(std::move(bodies).error());
        return events_of(*std::move(bodies));
    }
    auto body = (envelope == Envelope::any ? event_body : cloud_event_body).read(text, no_limits);
    if (!body) return std::unexpected(std::move(body).error());
    events.push_back(event_of(*std::move(body)));
    return events;
}

std::expected<NewEvent, BodyErrors> read_attributes(const Attributes& attributes) {
    std::string text = "{";
    for (const auto& [name, value] : attributes) {
        if (text.size() > 1) text += ',';
        append_json_string(text, name);
        text += ':';
        append_json_string(text, value);
    }
    auto body = cloud_event_body.read(text + "}", no_limits);
    if (!body) return std::unexpected(std::move(body).error());
    return event_of(*std::move(body));
}

std::expected<Commit, BodyErrors> read_commit(std::string_view text) {
    auto body = commit_body.read(text, no_limits);
    if (!body) return std::unexpected(std::move(body).error());
    Commit commit;
    for (auto& append : body->appends) commit.appends.push_back(append_of(std::move(append)));
    if (body->conditions)
        for (auto& condition : *body->conditions)
            commit.conditions.push_back(condition_of(std::move(condition)));
    return commit;
}

http::BodySchema schema_of_events(Envelope envelope) {
    switch (envelope) {
        case Envelope::any:
            return BodyRules::either(event_body.schema(no_limits), events_body.schema(no_limits));
        case Envelope::structured:
            return cloud_event_body.schema(no_limits);
        case Envelope::batch:
            return cloud_events_body.schema(no_limits);
    }
    return {};
}

http::BodySchema schema_of_commit() { return commit_body.schema(no_limits); }

}  // namespace yeyak::api
