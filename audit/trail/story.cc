#include "audit/trail/story.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <charconv>

#include "aggregates/engine/saga_step.h"

namespace yeyak::trail {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t remembered = 4096;
constexpr std::size_t longest_chain = 16;
constexpr std::size_t most_details = 40;
constexpr std::string_view http_cause = "http/";
constexpr std::string_view from_word = " from ";

std::string text_of(const dom::element& value) {
    if (value.is_string()) return std::string{value.get_string().value_unsafe()};
    return simdjson::minify(value);
}

// Scalars and short lists as they are, objects field by field: "address.city".
void add_details(std::vector<Detail>& details, const std::string& prefix, dom::object object) {
    for (const auto& [key, value] : object) {
        if (details.size() == most_details) return;
        const auto name = prefix + std::string{key};
        if (value.is_object() && prefix.size() < 64)
            add_details(details, name + ".", value.get_object().value_unsafe());
        else if (!value.is_null())
            details.push_back({name, text_of(value)});
    }
}

std::string take(std::vector<Detail>& details, std::string_view name) {
    for (auto at = details.begin(); at != details.end(); ++at) {
        if (at->name != name) continue;
        auto value = std::move(at->value);
        details.erase(at);
        return value;
    }
    return {};
}

// "payment.cancel_payment -> payment.payment-17" -> "cancel payment"
std::string orders_of(dom::element sent) {
    std::string orders;
    for (const auto& each : sent.get_array().value_unsafe()) {
        auto text = text_of(each);
        text = words_of_type(std::string_view{text}.substr(0, text.find(" -> ")));
        orders += (orders.empty() ? "" : ", ") + text;
    }
    return orders;
}

// A step of a saga is told by what came in, what it became and what it asked for.
void tell_step(Entry& entry, dom::object payload) {
    const auto category = eventstore::category_of(entry.event->stream);
    const auto name = category.substr(category.rfind('.') + 1);
    entry.state = take(entry.details, "state");
    entry.what = fmt::format("{}: {}", name, entry.state);
    if (const auto input = take(entry.details, "input"); !input.empty())
        entry.what += fmt::format(", after {}", words_of_type(input));
    dom::element sent;
    if (payload["sent"].get(sent) == simdjson::SUCCESS && sent.is_array())
        if (const auto orders = orders_of(sent); !orders.empty())
            entry.what += fmt::format("; asks to {}", orders);
    for (const auto* shown : {"inputId", "sent", "ended", "timers"}) take(entry.details, shown);
    for (auto& detail : entry.details)
        if (detail.name.starts_with("data.")) detail.name.erase(0, 5);
}

// "payment.payment-17@2" in two; version 0 when it is no id of an event.
std::pair<std::string_view, eventstore::Version> stream_and_version(std::string_view id) {
    const auto at = id.rfind('@');
    if (at == std::string_view::npos) return {id, 0};
    eventstore::Version version = 0;
    const auto digits = id.substr(at + 1);
    const auto end = digits.data() + digits.size();
    const auto [read, code] = std::from_chars(digits.data(), end, version);
    if (code != std::errc{} || read != end) version = 0;
    return {id.substr(0, at), version};
}

}  // namespace

std::string words_of_type(std::string_view type) {
    const auto version = type.rfind(".v");
    if (version != std::string_view::npos &&
        type.substr(version + 2).find_first_not_of("0123456789") == std::string_view::npos)
        type = type.substr(0, version);
    std::string words{type.substr(type.rfind('.') + 1)};
    for (char& c : words)
        if (c == '_') c = ' ';
    return words;
}

std::vector<std::string> short_chain(const std::vector<std::string>& because) {
    if (because.size() <= 2) return because;
    return {because.front(), fmt::format("({} between)", because.size() - 2), because.back()};
}

void Teller::remember(const std::string& id, Known known) {
    if (!known_.emplace(id, std::move(known)).second) return;
    oldest_.push_back(id);
    if (oldest_.size() <= remembered) return;
    known_.erase(oldest_.front());
    oldest_.pop_front();
}

const Teller::Known* Teller::find(const std::string& id) {
    if (const auto found = known_.find(id); found != known_.end()) return &found->second;
    const auto [stream, version] = stream_and_version(id);
    if (version == 0) return nullptr;
    eventstore::StreamQuery query;
    query.stream = stream;
    query.from = version;
    query.max_events = 1;
    const auto page = log_->read_stream(query);
    if (!page || page->events.empty() || page->events[0]->version != version) return nullptr;
    const auto& data = page->events[0]->data;
    remember(id, {words_of_type(data.type), data.causation_id, data.actor});
    return &known_.find(id)->second;
}

void Teller::explain(Entry& entry) {
    std::string cause = entry.event->data.causation_id;
    std::string_view actor = entry.event->data.actor;
    for (std::size_t i = 0; i < longest_chain && !cause.empty(); ++i) {
        if (cause.starts_with(http_cause)) {
            auto request = cause.substr(http_cause.size());
            const auto from = request.find(from_word);
            if (from != std::string::npos) {
                entry.from = request.substr(from + from_word.size());
                request.resize(from);
            }
            entry.because.push_back(
                fmt::format("request {} of {}", request, actor.empty() ? "nobody" : actor));
            return;
        }
        const auto* known = find(cause);
        if (known == nullptr) {
            entry.because.push_back(cause);
            return;
        }
        entry.because.push_back(fmt::format("{} ({})", known->what, cause));
        actor = known->actor;
        cause = std::string{known->cause};
    }
}

Entry Teller::tell(const eventstore::EventPtr& event) {
    Entry entry;
    entry.event = event;
    entry.payload = unseal_ ? unseal_(event->data.payload) : event->data.payload;
    entry.what = words_of_type(event->data.type);
    thread_local dom::parser parser;
    const simdjson::padded_string padded{entry.payload};
    dom::object payload;
    if (parser.parse(padded).get_object().get(payload) == simdjson::SUCCESS) {
        add_details(entry.details, "", payload);
        if (is_saga_step(event->stream, event->data.type)) tell_step(entry, payload);
        entry.reason = take(entry.details, "reason");
    }
    remember(eventstore::id_of(*event),
             {words_of_type(event->data.type), event->data.causation_id, event->data.actor});
    explain(entry);
    return entry;
}

}  // namespace yeyak::trail
