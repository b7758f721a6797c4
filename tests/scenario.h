// Given, when, then: one language for the rules of deciders, sagas and projections.
//
//   given<Payment>(events...).when(command).then(events...) / .then_nothing() / .then_rejected(why)
//   given<Checkout>(inputs...).when(input).then(state, {sends...}) / .then_nothing()
//   given<Payments>(events...).then(row)
//
// Every event, command, saga state and row goes through its codec on the way, so that a scenario
// also proves that what it speaks of can be written and read.
#pragma once
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "aggregates/kernel/decider.h"
#include "aggregates/kernel/events.h"
#include "aggregates/kernel/saga.h"

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

// --- deciders ---------------------------------------------------------------------------------

template <Decider D>
class Scenario {
  public:
    using Event = typename D::Event;
    explicit Scenario(std::vector<Event> history) : history_(std::move(history)) {}

    Scenario& when(const typename D::Command& command) {
        std::vector<Event> read;
        for (const auto& event : history_) read.push_back(through_codec(event));
        outcome_ = D::decide(fold<D>(read), through_codec(command));
        return *this;
    }
    template <class... E>
    void then(E... expected) {
        ASSERT_TRUE(outcome_.has_value()) << "refused";
        EXPECT_EQ(texts_of(*outcome_), texts_of(std::vector<Event>{Event{std::move(expected)}...}));
    }
    void then_nothing() { then(); }
    void then_rejected(typename D::Rejection why) {
        ASSERT_FALSE(outcome_.has_value()) << "accepted";
        EXPECT_EQ(outcome_.error(), why);
    }

  private:
    std::vector<Event> history_;
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

template <class S>
class SagaScenario {
  public:
    using Input = typename S::Input;
    using Step = decltype(S::react({}, std::declval<Input>(), {}));
    explicit SagaScenario(const std::vector<Input>& history) {
        for (const auto& input : history) hear(input);
    }

    SagaScenario& when(const Input& input, Instant now = {}) {
        before_ = text_of(step_.next);
        hear(input, now);
        return *this;
    }
    void then(const typename S::State& state, const std::vector<Send>& sends) {
        EXPECT_FALSE(step_.nothing);
        EXPECT_EQ(text_of(step_.next), text_of(state));
        std::vector<std::string> sent;
        std::vector<std::string> expected;
        for (const auto& send : step_.sends)
            sent.push_back(text_of_send<typename S::Sources>(send));
        for (const auto& send : sends) expected.push_back(text_of_send<typename S::Sources>(send));
        EXPECT_EQ(sent, expected);
    }
    void then_nothing() {
        EXPECT_TRUE(step_.nothing);
        EXPECT_EQ(text_of(step_.next), before_);
        EXPECT_TRUE(step_.sends.empty());
        EXPECT_TRUE(step_.timers.empty());
    }

  private:
    void hear(const Input& input, Instant now = {}) {
        step_ = S::react(through_codec(step_.next), input, now);
        text_of(step_.next);
    }
    Step step_{};
    std::string before_;
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
        EXPECT_EQ(key_, *meant) << "a scenario is about one row";
        V::apply(row_, event, at(events_++));
        const auto read = from_json<typename V::Row>(to_json(row_));
        ASSERT_TRUE(read.has_value()) << to_json(row_);
        row_ = *read;
    }
    void then(const typename V::Row& expected) { EXPECT_EQ(to_json(row_), to_json(expected)); }
    typename V::Row row() const { return row_; }

  private:
    typename V::Row row_{};
    std::string key_;
    int events_ = 0;
};

template <Projection V, class... E>
RowScenario<V> given(const E&... events) {
    RowScenario<V> scenario;
    (scenario.hear(events), ...);
    return scenario;
}

}  // namespace yeyak::tests
