// Every shape of an event that was ever released, as it stands in logs out there. A sample never
// changes; a new shape is a new type with a sample of its own (tests/golden/events/README.md).
#include <gtest/gtest.h>

#include <boost/mp11.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "aggregates/engine/saga_step.h"
#include "aggregates/market/purchase.h"
#include "aggregates/notification/contract.h"
#include "aggregates/operations/contract.h"
#include "aggregates/payment/contract.h"
#include "aggregates/phoneshop/sale.h"
#include "aggregates/prereservation/checkout.h"
#include "aggregates/repairshop/visit.h"
#include "aggregates/vaccination/booking.h"
#include "kernel/events.h"

namespace yeyak::tests {
namespace {

using namespace prereservation;

const std::filesystem::path folder = "tests/golden/events";

// The files that belong to something that is registered.
std::set<std::string>& known() {
    static std::set<std::string> names;
    return names;
}

std::string sample(const std::string& name) {
    known().insert(name + ".json");
    std::ifstream file{folder / (name + ".json")};
    EXPECT_TRUE(file.is_open()) << name << " has no sample in " << folder;
    std::string line;
    std::getline(file, line);
    return line;
}

// The newest shape: reads as it is written, byte for byte.
template <class Event, class T>
void check_newest() {
    const auto json = sample(std::string{T::type});
    const auto event = decode_event<Event>(T::type, json);
    ASSERT_TRUE(event.has_value())
        << T::type << ": " << event.error().field << ' ' << event.error().detail;
    EXPECT_TRUE(std::holds_alternative<T>(*event)) << T::type;
    EXPECT_EQ(encode_event(*event), json) << T::type;
    EXPECT_TRUE(is_event_type<Event>(T::type));
}

// An older shape: reads as the newest.
template <class Event, class T>
void check_former() {
    if constexpr (requires { typename T::Former; }) {
        using Former = typename T::Former;
        const auto event = decode_event<Event>(Former::type, sample(std::string{Former::type}));
        ASSERT_TRUE(event.has_value()) << Former::type;
        EXPECT_EQ(type_of(*event), T::type);
        EXPECT_TRUE(is_event_type<Event>(Former::type));
        check_former<Event, Former>();
    }
}

template <class Event>
void check_all() {
    using namespace boost::mp11;
    mp_for_each<mp_transform<std::type_identity, Event>>([]<class T>(std::type_identity<T>) {
        check_newest<Event, T>();
        check_former<Event, T>();
    });
    EXPECT_FALSE(is_event_type<Event>("no.such_event.v1"));
    EXPECT_FALSE(decode_event<Event>("no.such_event.v1", "{}").has_value());
}

template <class S>
void check_saga() {
    using namespace boost::mp11;
    using State = typename S::State;
    mp_for_each<mp_transform<std::type_identity, State>>([]<class T>(std::type_identity<T>) {
        if (std::same_as<T, std::variant_alternative_t<0, State>>) return;  // is never recorded
        const auto json = sample(std::string{S::type} + "." + std::string{T::type});
        const auto state = decode_saga_state<State>(json);
        ASSERT_TRUE(state.has_value()) << json;
        EXPECT_TRUE(std::holds_alternative<T>(*state)) << json;
        const auto record = from_json<SagaStepRecord>(json);
        ASSERT_TRUE(record.has_value()) << json;
        EXPECT_EQ(encode_saga_step(*record, *state), json);
        const auto summary = saga_summary(json);
        ASSERT_TRUE(summary.has_value());
        EXPECT_EQ(summary->state, T::type);
        EXPECT_EQ(summary->ended, S::ended(*state));
    });
}

TEST(GoldenEvents, read_and_are_written_as_ever) {
    check_all<payment::Event>();
    check_all<notification::Event>();
    check_all<operations::Event>();
    check_all<ReservationEvent>();
    check_all<ReceiptEvent>();
    check_saga<Checkout>();
    check_all<repairshop::IntakeEvent>();
    check_all<repairshop::RepairEvent>();
    check_all<repairshop::DeliveryEvent>();
    check_saga<repairshop::Visit>();
    check_all<vaccination::UserEvent>();
    check_all<vaccination::SlotEvent>();
    check_all<vaccination::ReservationEvent>();
    check_all<vaccination::AppointmentEvent>();
    check_all<vaccination::StockEvent>();
    check_saga<vaccination::Booking>();
    check_all<market::ProductEvent>();
    check_all<market::ReservationEvent>();
    check_all<market::BillEvent>();
    check_saga<market::Purchase>();
    check_all<phoneshop::OrderEvent>();
    check_all<phoneshop::StoreOrderEvent>();
    check_saga<phoneshop::Sale>();
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator{folder})
        if (entry.path().extension() == ".json") found.insert(entry.path().filename().string());
    EXPECT_EQ(found, known()) << "a sample whose type is gone, or a type without a sample";
}

TEST(GoldenEvents, receipts_of_the_first_shape_expect_delivery_after_three_weeks_PRE_X5) {
    const auto event = decode_event<ReceiptEvent>(ReceiptIssuedV1::type,
                                                  sample(std::string{ReceiptIssuedV1::type}));
    ASSERT_TRUE(event.has_value());
    const ReceiptIssued expected{
        17, 17, 17, 1, 1, "갤럭시 폴드 \"3\"", Won{1'300'000}, *parse_date("2021-02-21")};
    EXPECT_EQ(*event, ReceiptEvent{expected});
}

TEST(GoldenEvents, an_unreadable_payload_says_what_is_wrong_with_it) {
    const auto type = ReservationConfirmed::type;
    EXPECT_EQ(decode_event<ReservationEvent>(type, "{}").error().code, "missing_field");
    EXPECT_EQ(decode_event<ReservationEvent>(type, "{\"id\":\"17\"}").error().code, "wrong_type");
    EXPECT_EQ(decode_event<ReservationEvent>(type, "{").error().code, "malformed_json");
    EXPECT_TRUE(decode_event<ReservationEvent>(type, "{\"id\":17,\"new\":1}").has_value());
    EXPECT_FALSE(decode_saga_state<CheckoutState>("{\"state\":\"paying\"}").has_value());
    EXPECT_FALSE(decode_saga_state<CheckoutState>("{\"state\":\"no\",\"data\":{}}").has_value());
    EXPECT_FALSE(saga_summary("[]").has_value());
}

}  // namespace
}  // namespace yeyak::tests
