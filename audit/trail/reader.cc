#include "audit/trail/reader.h"

#include <algorithm>
#include <set>

#include "kernel/text.h"

namespace yeyak::trail {
namespace {

constexpr std::uint64_t page_events = 1000;

bool are_exact(const std::vector<std::string>& types) {
    return !types.empty() && std::ranges::none_of(types, [](const std::string& glob) {
        return glob.find('*') != std::string::npos;
    });
}

}  // namespace

namespace {

// The position of the event at a version of a stream; none behind its end.
eventstore::StoreResult<std::optional<Position>> position_at(const eventstore::EventStore& log,
                                                             const std::string& stream,
                                                             eventstore::Version version) {
    eventstore::StreamQuery one;
    one.stream = stream;
    one.from = version;
    one.max_events = 1;
    const auto page = log.read_stream(one);
    if (!page) return std::unexpected(page.error());
    if (page->events.empty()) return std::nullopt;
    return page->events.front()->position;
}

// The first version of a stream that stands after a position: positions grow with versions, so a
// few events are read instead of all before it.
eventstore::StoreResult<eventstore::Version> version_after(const eventstore::EventStore& log,
                                                           const std::string& stream,
                                                           Position after) {
    eventstore::Version low = 1;           // everything before it is not after the position
    eventstore::Version high = after + 1;  // versions are not ahead of positions
    while (low < high) {
        const auto middle = low + (high - low) / 2;
        const auto position = position_at(log, stream, middle);
        if (!position) return std::unexpected(position.error());
        if (*position && **position <= after)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

}  // namespace

Found<Reader> Reader::open(const eventstore::EventStore& log, People people, Query query,
                           Position head) {
    Reader reader{log, std::move(query), head};
    const auto add = [&](Found<Scope> scope, std::string_view field) -> std::optional<Mistake> {
        if (scope) {
            reader.scopes_.push_back(*std::move(scope));
            return std::nullopt;
        }
        auto mistake = std::move(scope).error();
        if (mistake.field.empty()) mistake.field = field;
        return mistake;
    };
    const auto& asked = reader.query_;
    std::optional<Mistake> mistake;
    if (!asked.order.empty()) mistake = add(Scope::of_stream(log, asked.order, head), "order");
    if (!mistake && !asked.saga.empty())
        mistake = add(Scope::of_stream(log, asked.saga, head), "saga");
    if (!mistake && !asked.person.empty())
        mistake = add(Scope::of_person(log, people, asked.person, head), "person");
    if (mistake) return std::unexpected(*std::move(mistake));
    if (auto found = reader.find_spans(); !found) return std::unexpected(std::move(found).error());
    return reader;
}

Found<void> Reader::find_spans() {
    spans_ = {{1, head_}};
    if (!query_.from_time && !query_.to_time) return {};
    auto found = eventstore::spans_of(*log_, query_.from_time, query_.to_time, head_);
    if (!found) return std::unexpected(unreadable(found.error()));
    spans_ = *std::move(found);
    return {};
}

void Reader::rewind() {
    last_ = std::min(head_, query_.to_position.value_or(head_));
    const auto from = query_.from_position == 0 ? 0 : query_.from_position - 1;
    after_ = std::max(query_.after, from);
    from_version_ = 0;
    span_ = 0;
    shown_ = 0;
    ended_ = false;
    next_after_.reset();
}

// To the next event that may be wanted; false when there is none.
bool Reader::go_on() {
    while (span_ < spans_.size() && spans_[span_].last <= after_) ++span_;
    if (span_ == spans_.size()) return false;
    if (const auto before = spans_[span_].first - 1; before > after_) {
        after_ = before;
        from_version_ = 0;
    }
    return after_ < last_;
}

eventstore::StoreResult<eventstore::Page> Reader::read_page() {
    const auto most = std::min(page_events, std::min(last_, spans_[span_].last) - after_);
    if (!query_.stream.empty()) {
        if (from_version_ == 0) {
            const auto first = version_after(*log_, query_.stream, after_);
            if (!first) return std::unexpected(first.error());
            from_version_ = *first;
        }
        eventstore::StreamQuery stream;
        stream.stream = query_.stream;
        stream.from = from_version_;
        stream.max_events = most;
        auto page = log_->read_stream(stream);
        if (page && !page->events.empty()) {
            from_version_ = page->events.back()->version + 1;
            page->next_after = page->events.back()->position;
        }
        return page;
    }
    eventstore::AllQuery all;
    all.after = after_;
    all.max_events = most;
    if (are_exact(query_.types)) all.filter.types = query_.types;
    return log_->read_all(all);
}

bool Reader::wanted(const RecordedEvent& event) const {
    return matches(query_, event) &&
           std::ranges::all_of(scopes_, [&](const Scope& scope) { return scope.contains(event); });
}

Found<std::optional<std::vector<eventstore::EventPtr>>> Reader::next() {
    if (ended_) return std::nullopt;
    if (!go_on()) {
        ended_ = true;
        return std::nullopt;
    }
    auto page = read_page();
    if (!page) return std::unexpected(unreadable(page.error()));
    std::vector<eventstore::EventPtr> found;
    for (auto& event : page->events) {
        if (event->position > last_ || !wanted(*event)) continue;
        if (query_.limit > 0 && shown_ == query_.limit) {
            next_after_ = last_shown_;
            ended_ = true;
            return found;
        }
        ++shown_;
        last_shown_ = event->position;
        found.push_back(std::move(event));
    }
    after_ = page->next_after;
    ended_ = page->end || page->events.empty();
    return found;
}

bool Reader::belongs(const RecordedEvent& event) const {
    return has_scope() &&
           std::ranges::all_of(scopes_, [&](const Scope& scope) { return scope.contains(event); });
}

namespace {

// Collects whom events concern, by their tags.
class Persons {
  public:
    void add(const RecordedEvent& event) {
        // Who was named in an earlier reading is not read about again.
        if (event.stream == "operations.journal-trail") return;
        for (const auto& tag : event.data.tags)
            if (const auto person = person_of_tag(event.stream, tag); !person.empty()) add(person);
    }
    void add(const std::string& person) {
        if (names_.contains(person)) return;
        if (names_.size() == Survey::most_persons || person.size() > longest_person ||
            !is_printable(person))
            more_ = true;
        else
            names_.insert(person);
    }
    void add_others() { more_ = true; }
    std::vector<std::string> names() const { return {names_.begin(), names_.end()}; }
    bool more() const { return more_; }

  private:
    std::set<std::string> names_;
    bool more_ = false;
};

}  // namespace

Found<Survey> survey(Reader& reader, const Reached& reached) {
    Survey found;
    Persons persons;
    NameSet requests;
    if (!reader.query().person.empty()) persons.add(reader.query().person);
    while (true) {
        auto events = reader.next();
        if (!events) return std::unexpected(std::move(events).error());
        if (!*events) break;
        found.events += (*events)->size();
        if (reached && !(*events)->empty()) reached((*events)->back()->position);
        for (const auto& event : **events) {
            persons.add(*event);
            if (!persons.more() && has_request(*event)) requests.add(event->data.correlation_id);
        }
        if (requests.size() > Scope::most) persons.add_others();
    }
    // Few events bear a tag: a refund concerns whom the order concerns that it belongs to.
    const auto read = visit_up_to(reader.log(), {}, reader.head(), [&](const RecordedEvent& event) {
        if (reached) reached(event.position);
        if (reader.belongs(event) ||
            (has_request(event) && requests.contains(event.data.correlation_id)))
            persons.add(event);
        return !persons.more() && (requests.size() > 0 || reader.has_scope());
    });
    if (!read) return std::unexpected(read.error());
    found.persons = persons.names();
    found.more_persons = persons.more();
    found.next_after = reader.next_after();
    reader.rewind();
    return found;
}

}  // namespace yeyak::trail
