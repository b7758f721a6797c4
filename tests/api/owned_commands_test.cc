// What customers do: to what is theirs, and to nothing else.
#include <gmock/gmock.h>

#include "privacy/key_store.h"
#include "tests/api/owned_server.h"

namespace yeyak::api {
namespace {

using http::Method;
using testing::HasSubstr;

class OwnedCommands : public OwnedServer {
  protected:
    // A stranger is answered as whoever asks for what is missing, and nothing is written.
    void expect_missing(const Sent& strange, const Sent& missing) {
        const std::vector<http::Headers> conditions{
            {},
            {{"If-Match", "*"}},
            {{"If-None-Match", "*"}},
            {{"Expected-Version", "1"}},
            {{"Expected-Version", "0"}},
            {{"Expected-Version", "99"}},
            {{"Idempotency-Key", fmt::format("k{}", ++keys_)}}};
        for (const auto& headers : conditions) {
            auto one = strange;
            auto other = missing;
            one.headers = headers;
            other.headers = headers;
            // A key keeps the answer of one request.
            if (headers.contains("Idempotency-Key"))
                other.headers = {{"Idempotency-Key", fmt::format("k{}", ++keys_)}};
            const auto refused = send(customer(2), one);
            const auto none = send(customer(2), other);
            const auto which = headers.size() == 0 ? "" : headers.begin()->name;
            EXPECT_EQ(refused.status, 404) << strange.target << which << refused.body;
            EXPECT_EQ(refused.body, none.body) << strange.target << which;
            EXPECT_EQ(refused.headers, none.headers) << strange.target << which;
        }
        EXPECT_EQ(written_by("user:2"), 0u) << strange.target;
    }

    std::string code_of(const http::Response& response) const { return response.problem_code; }

  private:
    int keys_ = 0;
};

TEST_F(OwnedCommands, cancel_a_pre_reservation_of_ones_own) {
    reserve_phone(customer(1), 1);
    const Sent cancel{Method::delete_, "/prereservation/preReservations/1"};
    expect_missing(cancel, {Method::delete_, "/prereservation/preReservations/777"});
    EXPECT_EQ(send(customer(1), cancel).status, 204);
    expect_missing(cancel, {Method::delete_, "/prereservation/preReservations/777"});
}

TEST_F(OwnedCommands, cancel_and_pay_a_purchase_of_ones_own) {
    buy_product(customer(1), 1);
    post(staff("seller"), "/market/product", R"({"productName":"Coffee"})");
    const auto id =
        number_of(post(customer(1), "/market/reservation", R"({"productId":2,"customerId":1})"));
    const auto pay = [](std::int64_t number) {
        return Sent{Method::patch, "/market/paid", fmt::format(R"({{"id":{}}})", number)};
    };
    const auto cancel = [](std::int64_t number) {
        return Sent{Method::patch, "/market/reservationupdate",
                    fmt::format(R"({{"id":{},"reservationStatus":"02"}})", number)};
    };
    expect_missing(pay(id), pay(777));
    expect_missing(cancel(id), cancel(777));
    EXPECT_EQ(send(customer(1), pay(id)).status, 200);
    EXPECT_EQ(send(customer(1), cancel(id)).status, 200);
}

TEST_F(OwnedCommands, cancel_a_vaccination_of_ones_own_by_either_number) {
    const auto id = be_vaccinated(customer(1), 1);
    const auto cancel = [](std::string_view who) {
        return Sent{Method::post, "/vaccination/user/cancel", fmt::format("{{{}}}", who)};
    };
    const auto own = fmt::format(R"("userId":{})", id);
    expect_missing(cancel(own), cancel(R"("userId":777)"));
    const auto strange = send(customer(2), cancel(R"("userRegNumber":"770102-1000001")"));
    const auto missing = send(customer(2), cancel(R"("userRegNumber":"770102-1000009")"));
    EXPECT_EQ(strange.status, 404) << strange.body;
    EXPECT_EQ(strange.body, missing.body);
    EXPECT_EQ(written_by("user:2"), 0u);
    EXPECT_EQ(send(customer(1), cancel(R"("userRegNumber":"770102-1000001")")).status, 200);
}

TEST_F(OwnedCommands, pay_and_cancel_a_repair_of_ones_own) {
    have_repaired(customer(1), "12A3456");
    for (const auto* body : {R"({"stat":"CANCEL"})", R"({"stat":"PAYMENTREQUESTED","payAmt":5000})",
                             R"({"stat":"DELIVERYREQUESTED"})"}) {
        const Sent strange{Method::patch, "/repairshop/receipts/1", body};
        const Sent missing{Method::patch, "/repairshop/receipts/777", body};
        expect_missing(strange, missing);
    }
    const auto paid = patch(customer(1), "/repairshop/receipts/1",
                            R"({"stat":"PAYMENTREQUESTED","payAmt":5000})");
    EXPECT_EQ(paid.status, 200) << paid.body;
}

TEST_F(OwnedCommands, cancel_an_order_of_ones_own) {
    order_phone(customer(1));
    expect_missing({Method::delete_, "/phoneshop/orders/1"},
                   {Method::delete_, "/phoneshop/orders/777"});
    const auto own = remove(customer(1), "/phoneshop/orders/1");
    EXPECT_EQ(code_of(own), "order_shipped") << own.body;
    const auto by_staff = remove(staff(), "/phoneshop/orders/777");
    EXPECT_EQ(code_of(by_staff), "order_not_found") << by_staff.body;
}

// A key is its customer's, so two who choose the same one have two orders and two keys of their
// fields: to erase one does not erase the other.
TEST_F(OwnedCommands, under_the_same_key_are_two) {
    const auto order = [](std::int64_t who) {
        return Sent{Method::post,
                    "/phoneshop/orders",
                    fmt::format(R"({{"item":"note21","qty":1,"address":"Street {}"}})", who),
                    {{"Idempotency-Key", "1"}}};
    };
    const auto one = send(customer(1), order(1));
    const auto other = send(customer(2), order(2));
    ASSERT_EQ(other.status, 201) << other.body;
    EXPECT_NE(number_of(one), number_of(other));
    EXPECT_EQ(send(customer(1), order(1)).body, one.body);
    runtime_ = nullptr;
    const auto keys = privacy::KeyStore::open(config_.data / "keys", false);
    ASSERT_TRUE(keys.has_value()) << keys.error().detail;
    EXPECT_EQ((*keys)->page("", 100)->size(), 2u);
}

// --- the number of a customer in a body ----------------------------------------------------------

TEST_F(OwnedCommands, begin_things_for_oneself) {
    const auto reserve = [](std::int64_t user) {
        return fmt::format(R"({{"userId":{},"userAddress":"Seoul","productId":1,)"
                           R"("productName":"fold","price":100,"cardNo":"1234-1234-1234-1234"}})",
                           user);
    };
    const auto another = post(customer(1), "/prereservation/preReservations", reserve(2));
    EXPECT_EQ(another.status, 403);
    EXPECT_EQ(code_of(another), "another_customer");
    EXPECT_THAT(another.body, HasSubstr(R"("field":"userId")"));
    const auto numberless = post(named("kim"), "/prereservation/preReservations", reserve(2));
    EXPECT_EQ(numberless.status, 403);
    EXPECT_EQ(code_of(numberless), "no_customer_number");
    EXPECT_THAT(numberless.body, HasSubstr("claim customer"));
    EXPECT_EQ(written_by("user:1") + written_by("kim"), 0u);
    EXPECT_EQ(post(customer(2), "/prereservation/preReservations", reserve(2)).status, 201);
    EXPECT_EQ(post(staff(), "/prereservation/preReservations", reserve(2)).status, 201);
}

TEST_F(OwnedCommands, are_given_ones_own_number_when_none_is_said) {
    post(staff("seller"), "/market/product", R"({"productName":"Coffee"})");
    EXPECT_EQ(
        code_of(post(customer(1), "/market/reservation", R"({"productId":1,"customerId":2})")),
        "another_customer");
    EXPECT_EQ(code_of(post(named("kim"), "/market/reservation", R"({"productId":1})")),
              "no_customer_number");
    const auto reserved = post(customer(1), "/market/reservation", R"({"productId":1})");
    EXPECT_THAT(reserved.body, HasSubstr(R"("customerId":1)"));
}

}  // namespace
}  // namespace yeyak::api
