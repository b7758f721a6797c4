// Given, when, then: one language for the rules of deciders, sagas and projections.
//
//   given<Payment>(events...).when(command).then(events...) / .then_nothing() / .then_rejected(why)
//   given<Checkout>(inputs...).when(input).then(state, {sends...}) / .then_nothing()
//   given<Payments>(events...).then(row)
//
// Every event, command, saga state and row goes through its codec on the way, so that a scenario
// also proves that what it speaks of can be written and read. What fails is reported at the line of
// the test that says then(), with what was given and done.
#pragma once
#include <gtest/gtest.h>

#include <boost/describe/enum_to_string.hpp>
#include <optional>
#include <source_location>
#include <string>
#include <vector>

#include "kernel/decider.h"
#include "kernel/events.h"
#include "kernel/saga.h"

namespace yeyak::tests {

template <class Variant>
constexpr bool comparable = false;
template <class... A>
constexpr bool comparable<std::variant<A...>> = (std::equality_comparable<A> && ...);

// "type {json}", after a trip through the codec.
template <class Variant>
std::string text_of(const Variant& value) {
    const auto json = encode_event(value);
    const auto back = decode_event<Variant>(type_of(value), json);
    EXPECT_TRUE(back.has_value()) << type_of(value) << ' ' << json;
    if (back) {
        EXPECT_EQ(encode_event(*back), json);
        if constexpr (comparable<Variant>) {
            EXPECT_TRUE(*back == value) << json;
        }
    }
    return std::string{type_of(value)} + ' ' + json;
}

template <class Variant>
Variant through_codec(const Variant& value) {
    text_of(value);
    return *decode_event<Variant>(type_of(value), encode_event(value));
}

template <class Variant>
std::vector<std::string> texts_of(const std::vector<Variant>& values) {
    std::vector<std::string> texts;
    for (const auto& value : values) texts.push_back(text_of(value));
    return texts;
}

// --- what is said when a scenario fails ----------------------------------------------------------

using Place = std::source_location;

inline testing::ScopedTrace at_line(const Place& place, const std::string& story) {
    return {place.file_name(), static_cast<int>(place.line()), story};
}

inline std::string listed(const std::vector<std::string>& texts) {
    if (texts.empty()) return " nothing";
    std::string lines;
    for (const auto& text : texts) lines += "\n    " + text;
    return lines;
}

inline std::string story(const std::vector<std::string>& given, const std::string& when) {
    return "given" + listed(given) + "\n  when " + when;
}

inline void expect_same(const Place& place, const std::vector<std::string>& got,
                        const std::vector<std::string>& expected) {
    if (got == expected) return;
    ADD_FAILURE_AT(place.file_name(), static_cast<int>(place.line()))
        << "expected" << listed(expected) << "\n  but got" << listed(got);
}

// --- deciders ---------------------------------------------------------------------------------

template <Decider D>
class Scenario {
  public:
    using Event = typename D::Event;

    // The first of the events that are expected brings the line of the test along.
    struct First {
        template <class E>
            requires std::constructible_from<Event, E>
        First(E fact, Place from = Place::current()) : event(std::move(fact)), place(from) {}
        Event event;
        Place place;
    };

    explicit Scenario(std::vector<Event> history) : history_(std::move(history)) {}

    Scenario& when(const typename D::Command& command, Place place = Place::current()) {
        const auto trace = at_line(place, "the codecs of what is given and done");
        std::vector<Event> read;
        for (const auto& event : history_) read.push_back(through_codec(event));
        command_ = text_of(command);
        outcome_ = D::decide(fold<D>(read), through_codec(command));
        return *this;
    }
    template <class... E>
    void then(First first, E... others) {
        check({std::move(first.event), Event{std::move(others)}...}, first.place);
    }
    void then_nothing(Place place = Place::current()) { check({}, place); }
    void then_rejected(typename D::Rejection why, Place place = Place::current()) {
        const auto trace = at_line(place, story(texts_of(history_), command_));
        expect_same(place, outcome_texts(), {rejected(why)});
    }

  private:
    void check(const std::vector<Event>& expected, Place place) {
        const auto trace = at_line(place, story(texts_of(history_), command_));
        expect_same(place, outcome_texts(), texts_of(expected));
    }
    std::vector<std::string> outcome_texts() const {
        return outcome_ ? texts_of(*outcome_) : std::vector{rejected(outcome_.error())};
    }
    static std::string rejected(typename D::Rejection why) {
        return std::string{"rejected: "} + boost::describe::enum_to_string(why, "?");
    }

    std::vector<Event> history_;
    std::string command_;
    Decision<Event, typename D::Rejection> outcome_;
};

template <Decider D, class... E>
Scenario<D> given(E... events) {
    return Scenario<D>{{typename D::Event{std::move(events)}...}};
}

// --- sagas ------------------------------------------------------------------------------------

template <class S>
concept Saga = requires(typename S::State state, typename S::Input input, Instant now) {
    S::react(state, input, now);
};

// "payment.cancel_payment {…} -> payment.payment-prereservation-17, now"
template <class Sources>
std::string text_of_send(const Send& send) {
    std::string text;
    const auto look = [&]<class Contract>(Contract) {
        if (send.category != Contract::category) return;
        text = text_of(*std::any_cast<typename Contract::Command>(&send.command));
    };
    std::apply([&](auto... contract) { (look(contract), ...); }, Sources{});
    return text + " -> " + stream_of(send.category, send.id) +
           (send.delivery == Delivery::now ? ", now" : ", when up");
}

// An event as it stands in its contract, what a timer says, or how a command was refused.
template <class S>
std::string text_of_input(const typename S::Input& input) {
    const auto say = []<class E>(const E& said) -> std::string {
        std::string text{said.type};
        const auto look = [&]<class Contract>(Contract) {
            if constexpr (is_alternative<E, typename Contract::Event>)
                text = text_of(typename Contract::Event{said});
        };
        if constexpr (std::same_as<E, Refused>)
            return text + ' ' + said.command + ": " +
                   std::string{code_of(said.ended, said.refusal)};
        else if constexpr (is_alternative<E, typename S::Timeout>)
            return text_of(typename S::Timeout{said});
        std::apply([&](auto... contract) { (look(contract), ...); }, typename S::Sources{});
        return text;
    };
    return std::visit(say, input);
}

template <class S>
class SagaScenario {
  public:
    using Input = typename S::Input;
    using Step = decltype(S::react({}, std::declval<Input>(), {}));
    explicit SagaScenario(const std::vector<Input>& history) {
        for (const auto& input : history) hear(input);
    }

    SagaScenario& when(const Input& input, Instant now = {}, Place place = Place::current()) {
        const auto trace = at_line(place, "the codecs of what is given and done");
        if (!when_.empty()) given_.push_back(when_);
        before_ = text_of(step_.next);
        when_ = text_of_input<S>(input);
        step_ = S::react(through_codec(step_.next), input, now);
        text_of(step_.next);
        return *this;
    }
    void then(const typename S::State& state, const std::vector<Send>& sends,
              Place place = Place::current()) {
        const auto trace = at_line(place, story(given_, when_ + "\n  in " + before_));
        expect_same(place, step_texts(), texts_of_step(state, sends));
    }
    void then_nothing(Place place = Place::current()) {
        const auto trace = at_line(place, story(given_, when_ + "\n  in " + before_));
        expect_same(place, step_texts(), {nothing + before_});
        EXPECT_TRUE(step_.timers.empty());
    }

  private:
    static constexpr const char* nothing = "nothing, and it stays ";

    void hear(const Input& input) {
        given_.push_back(text_of_input<S>(input));
        step_ = S::react(through_codec(step_.next), input, {});
        text_of(step_.next);
    }
    std::vector<std::string> step_texts() const {
        auto texts = texts_of_step(step_.next, step_.sends);
        if (step_.nothing) texts.front() = nothing + texts.front();
        return texts;
    }
    static std::vector<std::string> texts_of_step(const typename S::State& state,
                                                  const std::vector<Send>& sends) {
        std::vector<std::string> texts{text_of(state)};
        for (const auto& send : sends) texts.push_back(text_of_send<typename S::Sources>(send));
        return texts;
    }

    std::vector<std::string> given_;
    std::string when_;
    std::string before_;
    Step step_{};
};

template <Saga S, class... I>
SagaScenario<S> given(I... inputs) {
    return SagaScenario<S>{std::vector<typename S::Input>{typename S::Input{std::move(inputs)}...}};
}

// --- projections ------------------------------------------------------------------------------

template <class V>
concept Projection = requires { typename V::Row; } && requires { V::version; };

// The instant of the n-th event of a projection's scenario: one a minute.
inline Instant at(std::int64_t n) { return {1'600'000'000'000 + n * 60'000}; }

template <class V>
class RowScenario {
  public:
    template <class E>
    void hear(const E& event) {
        const auto meant = V::key(event);
        if (!meant) return;
        if (key_.empty()) key_ = *meant;
        if (key_ != *meant) wrong_.push_back("one row, but " + *meant + " follows " + key_);
        V::apply(row_, event, at(events_++));
        heard_.emplace_back(event.type);
        const auto read = from_json<typename V::Row>(to_json(row_));
        if (read)
            row_ = *read;
        else
            wrong_.push_back("a row that can be read, but " + to_json(row_) + " cannot");
    }
    void then(const typename V::Row& expected, Place place = Place::current()) const {
        const auto trace = at_line(place, "given" + listed(heard_));
        expect_same(place, wrong_, {});
        expect_same(place, {to_json(row_)}, {to_json(expected)});
    }
    typename V::Row row(Place place = Place::current()) const {
        expect_same(place, wrong_, {});
        return row_;
    }

  private:
    typename V::Row row_{};
    std::string key_;
    int events_ = 0;
    std::vector<std::string> heard_;
    std::vector<std::string> wrong_;
};

template <Projection V, class... E>
RowScenario<V> given(const E&... events) {
    RowScenario<V> scenario;
    (scenario.hear(events), ...);
    return scenario;
}

}  // namespace yeyak::tests
