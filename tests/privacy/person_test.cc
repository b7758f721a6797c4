// Who is meant by a handle, and what may pass the gate.
#include "privacy/person.h"

#include <gtest/gtest.h>

#include "aggregates/engine/stream_system.h"
#include "api/seal_gate.h"
#include "privacy/seal.h"
#include "program/systems.h"
#include "tests/api/temp_folder.h"

namespace yeyak::api {
namespace {

TEST(PersonHandle, says_keys_tags_and_streams) {
    const TempFolder folder;
    const auto vault = *privacy::Vault::open(folder.path() / "card.key", privacy::IfMissing::make);
    const auto user = *privacy::parse_person(program::people(), vault, "prereservation/user:17");
    EXPECT_EQ(user.key_names, std::vector{vault.key_name("prereservation/user:17")});
    EXPECT_EQ(user.tag, "user:17");
    const auto person =
        *privacy::parse_person(program::people(), vault, "vaccination/reg:890309-2766876");
    const auto token = vault.person(privacy::RegistrationNumber{"890309-2766876"})->token;
    EXPECT_EQ(person.recorded, "vaccination/person:" + token);
    EXPECT_EQ(person.tag, "person:" + token);
    EXPECT_EQ(privacy::parse_person(program::people(), vault, person.recorded)->key_names,
              person.key_names);
    const auto order = *privacy::parse_person(program::people(), vault, "phoneshop/order:5");
    EXPECT_EQ(order.stream, "phoneshop.order-5");
    EXPECT_TRUE(order.key_names.empty());
    EXPECT_TRUE(order.keys_in_stream);
}

TEST(PersonHandle, is_recorded_without_personal_fields) {
    const TempFolder folder;
    const auto vault = *privacy::Vault::open(folder.path() / "card.key", privacy::IfMissing::make);
    const auto car = *privacy::parse_person(program::people(), vault, "repairshop/vehicle:0101");
    EXPECT_EQ(car.recorded, "repairshop/key:" + car.key_names.front());
    EXPECT_EQ(privacy::parse_person(program::people(), vault, car.recorded)->key_names,
              car.key_names);
    const auto odd = privacy::parse_person(program::people(), vault, "repairshop/vehicle:12/a:b c");
    EXPECT_EQ(odd->key_names.front(), vault.key_name("repairshop/vehicle:12/A:BC"));
}

TEST(PersonHandle, is_refused_without_being_repeated) {
    const TempFolder folder;
    const auto vault = *privacy::Vault::open(folder.path() / "card.key", privacy::IfMissing::make);
    for (const auto* wrong :
         {"", "user:17", "prereservation/user:", "prereservation/user:0", "prereservation/user:-1",
          "prereservation/user:017", "prereservation/user:x", "prereservation/order:1",
          "vaccination/reg:890309", "vaccination/person:12", "phoneshop/user:1",
          "repairshop/vehicle:", "nowhere/user:1", "market/key:ABC"}) {
        const auto refused = privacy::parse_person(program::people(), vault, wrong);
        ASSERT_FALSE(refused) << wrong;
        EXPECT_NE(refused.error().find("phoneshop/order:5"), std::string::npos);
    }
    EXPECT_EQ(privacy::parse_person(program::people(), vault, "vaccination/reg:890309-276687x")
                  .error()
                  .find("276687x"),
              std::string::npos);
}

TEST(PersonHandle, streams_of_a_system) {
    EXPECT_EQ(system_of("market.bill-7"), "market");
    EXPECT_EQ(system_of("payment.payment-market-7-1"), "market");
    EXPECT_EQ(system_of("notification.notification-market-reserved-7"), "market");
    EXPECT_NE(system_of("payment.payment-marketing-7"), "market");
    EXPECT_NE(system_of("payment.payment-prereservation-7"), "market");
    EXPECT_NE(system_of("marketing.bill-7"), "market");
    EXPECT_NE(system_of("orders-7"), "market");
}

http::Request request(std::string body) {
    http::Request made;
    made.target = "/orders";
    made.path = "/orders";
    made.body = std::move(body);
    return made;
}

TEST(Gate, nothing_comes_in_that_would_be_opened_on_the_way_out) {
    EXPECT_FALSE(refuse_sealed_texts(request(R"({"item":"note21"})")));
    const auto refused = refuse_sealed_texts(request(R"({"item":"sealed\u003Av1:"})"));
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 422);
    EXPECT_FALSE(refused->body.contains(privacy::seal_mark));
    auto path = request("");
    path.target = "/streams/sealed%3Av1%3A";
    path.path = "/streams/sealed:v1:";
    EXPECT_TRUE(refuse_sealed_texts(path));
    auto query = request("");
    query.query.add("sealed:v1:", "");
    EXPECT_TRUE(refuse_sealed_texts(query));
    auto header = request("");
    header.headers.add("X-Actor", "sealed:v1:");
    EXPECT_TRUE(refuse_sealed_texts(header));
}

}  // namespace
}  // namespace yeyak::api
