// What customers see: of every view of every system the rows that are theirs, and nothing that
// tells of others.
#include "api/access/ownership.h"

#include <gmock/gmock.h>

#include <map>
#include <set>

#include "program/systems.h"
#include "projections/runner/row_fields.h"
#include "tests/api/owned_server.h"

namespace yeyak::api {
namespace {

using testing::HasSubstr;
using testing::Not;

// The lists of each system that show rows about somebody, with their views. Single rows are below
// the same path.
struct Shown {
    std::string_view path;
    std::string_view view;
    bool has_rows = true;  // that can be asked for one by one
};
using ShownOf = std::vector<Shown>;

const std::map<std::string_view, ShownOf> shown{
    {"prereservation",
     {{"/prereservation/preReservations", "preReservations"},
      {"/prereservation/payments", "payments"},
      {"/prereservation/receipts", "receipts"},
      {"/prereservation/myReservations", "myReservations"}}},
    {"market",
     {{"/market/reservations", "market.reservations"},
      {"/market/payments", "market.payments"},
      {"/market/myPages", "market.myPages"},
      {"/market/notices", "notifications", false}}},
    {"vaccination",
     {{"/vaccination/users", "vaccination.users"},
      {"/vaccination/reservations", "vaccination.reservations"},
      {"/vaccination/reservation", "vaccination.reservations"},
      {"/vaccination/hospitals", "vaccination.hospitals"},
      {"/vaccination/hospital", "vaccination.hospitals"},
      {"/vaccination/dashboard/list", "vaccination.dashboard", false}}},
    {"repairshop",
     {{"/repairshop/receipts", "repairshop.receipts"},
      {"/repairshop/repairs", "repairshop.repairs"},
      {"/repairshop/payments", "repairshop.payments"},
      {"/repairshop/deliveries", "repairshop.deliveries"},
      {"/repairshop/displays", "repairshop.displays"}}},
    {"phoneshop",
     {{"/phoneshop/orders", "phoneshop.orders"},
      {"/phoneshop/payments", "phoneshop.payments"},
      {"/phoneshop/storeManages", "phoneshop.storeManages"},
      {"/phoneshop/customers", "phoneshop.customers"}}},
};

std::string without_numbers(std::string text) {
    std::erase_if(text, [](char c) { return c >= '0' && c <= '9'; });
    return text;
}

std::string headers_of(const http::Response& response) {
    std::string all = fmt::format("{} {}\n", response.status, response.revision);
    for (const auto& field : response.headers) all += field.name + '\n';
    return all;
}

class Ownership : public OwnedServer {
  protected:
    // Everything that the order has rows in is shown to its customer as it is to the staff, and to
    // another customer as if it were not there.
    void expect_rows_of(const CallerPtr& owner, std::string_view system) {
        for (const auto& [path, view, has_rows] : shown.at(system)) {
            const std::string list{path};
            const auto all = read(staff(), list);
            EXPECT_THAT(all, HasSubstr("\"id\":")) << list << ": the order has a row here";
            EXPECT_EQ(read(owner, list), all) << list;
            EXPECT_THAT(read(customer(999), list), Not(HasSubstr("\"id\":"))) << list;
            if (has_rows) expect_row(owner, list, all);
        }
    }

    void expect_row(const CallerPtr& owner, const std::string& list, const std::string& all) {
        const auto at = all.find("\"id\":") + 5;
        const auto id = all.substr(at, all.find(',', at) - at);
        const auto row = fmt::format("{}/{}?asOf={}", list, id, head());
        for (const auto& target : {list + '/' + id, row}) {
            EXPECT_EQ(get(owner, target).body, get(staff(), target).body) << target;
            const auto strange = get(customer(999), target);
            const auto missing = get(customer(999), target.substr(0, list.size()) + "/777" +
                                                        target.substr(list.size() + 1 + id.size()));
            EXPECT_EQ(strange.status, 404) << target;
            EXPECT_EQ(without_numbers(strange.body), without_numbers(missing.body)) << target;
            EXPECT_EQ(headers_of(strange), headers_of(missing)) << target;
        }
    }

    std::string first_actor(std::string_view stream) { return *runtime_->reads().begun_by(stream); }

    std::string category_at(std::uint64_t position) {
        eventstore::AllQuery query;
        query.after = position - 1;
        query.max_events = 1;
        const auto page = runtime_->reads().log().read_all(query);
        return std::string{eventstore::category_of(page->events.front()->stream)};
    }
};

TEST(OwnershipOfViews, that_are_about_somebody_are_all_looked_at_below) {
    std::set<std::string_view> looked_at{"owners", "sagas", "vaccination.stocks"};
    for (const auto& [system, lists] : shown)
        for (const auto& list : lists) looked_at.insert(list.view);
    for (const auto& view : program::views())
        if (view->subject() != projections::Subject{})
            EXPECT_TRUE(looked_at.contains(view->name())) << view->name();
}

// --- every view of every system ------------------------------------------------------------------

TEST_F(Ownership, of_a_pre_reservation_is_its_customers) {
    reserve_phone(customer(1), 1);
    expect_rows_of(customer(1), "prereservation");
}

TEST_F(Ownership, of_a_purchase_is_its_customers) {
    buy_product(customer(1), 1);
    expect_rows_of(customer(1), "market");
    EXPECT_THAT(read(customer(999), "/market/products"), HasSubstr("\"id\":1"))
        << "a product is nobody's, so the table of routes decides";
}

TEST_F(Ownership, of_a_vaccination_is_who_asked_for_it) {
    const auto id = be_vaccinated(customer(1), 1);
    expect_rows_of(customer(1), "vaccination");
    EXPECT_EQ(first_actor(fmt::format("vaccination.user-{}", id)), "user:1");
    const auto doses = read(customer(1), "/vaccination/stocks");
    EXPECT_THAT(doses, HasSubstr(fmt::format("\"reservationId\":{}", id)));
    EXPECT_THAT(doses, HasSubstr("\"totalElements\":1")) << "a delivery is about nobody";
}

TEST_F(Ownership, of_a_repair_is_who_brought_the_car) {
    have_repaired(customer(1), "12A3456");
    expect_rows_of(customer(1), "repairshop");
}

TEST_F(Ownership, of_an_order_is_who_placed_it) {
    order_phone(customer(1));
    expect_rows_of(customer(1), "phoneshop");
}

// Those who did not say who they were are not one person.
TEST_F(Ownership, is_not_had_by_a_name_that_stands_for_nobody) {
    order_phone(nullptr);
    be_vaccinated(nullptr, 2);
    have_repaired(nullptr, "12A3456");
    buy_product(nullptr, std::nullopt);
    for (const auto* stream : {"phoneshop.order-1", "vaccination.user-1", "repairshop.receipt-1",
                               "market.reservation-1"}) {
        const auto actor = first_actor(stream);
        EXPECT_FALSE(actor.empty()) << stream;
        EXPECT_TRUE(owner_name(*named(actor)).empty()) << actor;
    }
    for (const auto* subject : {"anonymous", "System", "operator"})
        EXPECT_TRUE(owner_name(*named(subject)).empty()) << subject;
    EXPECT_THAT(read(named("anonymous"), "/phoneshop/orders"), HasSubstr("\"totalElements\":0"));
    EXPECT_EQ(get(named("anonymous"), "/phoneshop/orders/1").status, 404);
    EXPECT_EQ(remove(named("anonymous"), "/phoneshop/orders/1").status, 404);
}

// Without a token the actor of an order that names its customer is him.
TEST_F(Ownership, is_had_of_what_was_written_without_tokens) {
    reserve_phone(nullptr, 7);
    buy_product(nullptr, 7);
    expect_rows_of(customer(7), "prereservation");
    expect_rows_of(customer(7), "market");
}

// A notice is about the reservation, not about who had it written.
TEST_F(Ownership, of_a_notice_is_the_buyers_when_somebody_else_has_cancelled) {
    const auto id = buy_product(customer(1), 1);
    const auto cancelled = patch(staff(), "/market/reservationupdate",
                                 fmt::format(R"({{"id":{},"reservationStatus":"02"}})", id));
    ASSERT_EQ(cancelled.status, 200) << cancelled.body;
    const auto notice = fmt::format("market-cancelled-{}", id);
    ASSERT_TRUE(comes("/market/notices", notice));
    EXPECT_EQ(first_actor("notification.notification-" + notice), "clerk");
    EXPECT_THAT(read(customer(1), "/market/notices"), HasSubstr(notice));
    EXPECT_THAT(read(customer(2), "/market/notices"), HasSubstr("\"totalElements\":0"));
}

// --- lists ---------------------------------------------------------------------------------------

class OwnedLists : public Ownership {
  protected:
    void SetUp() override {
        Ownership::SetUp();
        for (std::int64_t i = 0; i < 13; ++i) {
            const auto user = i % 3 == 0 ? 1 : 2;  // five of user 1
            reserve_phone(customer(user), user);
            if (i == 0) with_one_ = head();
        }
        ASSERT_EQ(remove(customer(1), "/prereservation/preReservations/4").status, 204);
        ASSERT_TRUE(comes("/prereservation/myReservations/4", "receipt_cancelled"));
        ASSERT_TRUE(comes("/prereservation/payments/4?includeCancelled=true", "payment_cancelled"));
    }
    // A list as the staff has it of this customer is the customer's list of all.
    std::uint64_t with_one_ = 0;  // the position after the first order

    static std::string as_of_all(std::string body) {
        for (const std::string_view part : {"?userId=1&", "userId=1&"})
            for (auto at = body.find(part); at != std::string::npos; at = body.find(part))
                body.replace(at, part.size(), part.front() == '?' ? "?" : "");
        return body;
    }
};

TEST_F(OwnedLists, hold_and_count_own_rows_alone) {
    for (const auto* list : {"preReservations", "payments", "receipts", "myReservations"})
        for (const auto* query :
             {"size=2&page=0", "size=2&page=1", "size=2&page=9", "sort=price,desc", "sort=id,desc",
              "sort=price,asc&size=2&page=1", "status=paid&size=1",
              "size=3&consistency=fresh&sort=id,desc&page=1"}) {
            const std::string_view asked{query};
            const bool not_of_receipts = asked.contains("price") || asked.contains("status");
            if (not_of_receipts && std::string_view{list} == "receipts") continue;
            const auto path = fmt::format("/prereservation/{}", list);
            EXPECT_EQ(as_of_all(read(customer(1), fmt::format("{}?{}", path, query))),
                      as_of_all(read(staff(), fmt::format("{}?userId=1&{}", path, query))))
                << path << ' ' << query;
        }
    const auto all = read(customer(1), "/prereservation/preReservations");
    EXPECT_THAT(all, HasSubstr(R"("totalElements":4,"totalPages":1)"));
    const auto cancelled =
        read(customer(1), "/prereservation/preReservations?includeCancelled=true&size=2");
    EXPECT_THAT(cancelled, HasSubstr(R"("totalElements":5,"totalPages":3)"));
}

TEST_F(OwnedLists, tell_nothing_not_of_receipts_by_a_filter) {
    for (const auto* list : {"preReservations", "payments", "receipts", "myReservations"}) {
        const auto path = fmt::format("/prereservation/{}", list);
        EXPECT_THAT(read(customer(1), path + "?userId=2"), HasSubstr(R"("totalElements":0)"));
        EXPECT_THAT(read(customer(1), path + "?userId=1"), Not(HasSubstr(R"("totalElements":0)")));
        EXPECT_THAT(read(customer(3), path), HasSubstr(R"("totalElements":0)"));
        EXPECT_THAT(read(customer(3), path + "?sort=id,desc"), HasSubstr(R"("totalElements":0)"));
    }
}

TEST_F(OwnedLists, are_as_they_were) {
    const auto then =
        get(customer(1), fmt::format("/prereservation/preReservations?asOf={}", with_one_));
    EXPECT_THAT(then.body, HasSubstr(R"("totalElements":1)"));
    const auto now = fmt::format("/prereservation/preReservations?asOf={}", head());
    EXPECT_THAT(get(customer(1), now).body, HasSubstr(R"("totalElements":4)"));
    EXPECT_THAT(get(customer(2), now).body, HasSubstr(R"("totalElements":8)"));
    EXPECT_THAT(get(staff(), now).body, HasSubstr(R"("totalElements":12)"));
}

// Then the rows of all are gone through.
TEST_F(OwnedLists, are_whole_while_the_view_of_owners_stands_still) {
    stop("owners");
    reserve_phone(customer(3), 3);
    const auto id = reserve_phone(customer(1), 1);
    const auto own = read(customer(1), "/prereservation/preReservations?sort=id,desc&size=1");
    EXPECT_THAT(own, HasSubstr(fmt::format("\"id\":{},", id)));
    EXPECT_THAT(own, HasSubstr(R"("totalElements":5)"));
}

// A cancelled row of somebody else is missing and not cancelled.
TEST_F(OwnedLists, a_cancelled_row_is_told_of_to_its_owner_alone) {
    const std::string row = "/prereservation/preReservations/4";
    EXPECT_THAT(get(customer(1), row).body, HasSubstr("has been cancelled"));
    EXPECT_EQ(get(customer(1), row + "?includeCancelled=true").status, 200);
    for (const auto* query : {"", "?includeCancelled=true"}) {
        const auto strange = get(customer(2), row + query);
        EXPECT_EQ(strange.status, 404);
        EXPECT_THAT(strange.body, HasSubstr("there is no preReservation 4"));
    }
}

// --- histories and receipts ----------------------------------------------------------------------

TEST_F(Ownership, of_a_history_is_that_of_its_row) {
    const auto id = reserve_phone(customer(1), 1);
    const auto history = [](std::int64_t row, std::string_view query = "") {
        return fmt::format("/projections/myReservations/rows/{}/history{}", row, query);
    };
    EXPECT_THAT(get(customer(1), history(id)).body, HasSubstr("\"userId\":1"));
    for (const auto* query : {"", "?without=1"}) {
        const auto strange = get(customer(2), history(id, query));
        const auto missing = get(customer(2), history(777, query));
        EXPECT_EQ(strange.status, missing.status) << query;
        EXPECT_GE(strange.status, 400) << query;
        EXPECT_EQ(without_numbers(strange.body), without_numbers(missing.body)) << query;
        EXPECT_EQ(headers_of(strange), headers_of(missing)) << query;
    }
}

TEST_F(Ownership, of_a_receipt_is_that_of_its_stream) {
    const auto id = reserve_phone(customer(1), 1);
    const auto stream = fmt::format("stream=prereservation.reservation-{}&version=1", id);
    eventstore::StreamQuery first;
    first.stream = fmt::format("prereservation.reservation-{}", id);
    const auto position = runtime_->reads().log().read_stream(first)->events.front()->position;
    for (const auto& event : {fmt::format("position={}", position), stream}) {
        EXPECT_EQ(get(customer(1), "/audit/receipt?" + event).status, 200) << event;
        const auto strange = get(customer(2), "/audit/receipt?" + event);
        const auto missing = get(customer(2), "/audit/receipt?position=777777");
        EXPECT_EQ(strange.status, 404) << event;
        EXPECT_EQ(strange.body, missing.body) << event;
        EXPECT_EQ(headers_of(strange), headers_of(missing)) << event;
    }
}

// A day's places, the doses and a product are everybody's: whoever came first began the stream.
TEST_F(Ownership, of_a_receipt_is_not_had_by_whoever_came_first_to_what_all_share) {
    be_vaccinated(customer(1), 1);
    be_vaccinated(customer(2), 2);
    const auto product =
        number_of(post(customer(1), "/market/product", R"({"productName":"Phone"})"));
    for (const auto& stream :
         {std::string{"vaccination.slot-2021-10-05"}, fmt::format("market.product-{}", product)}) {
        ASSERT_EQ(first_actor(stream), "user:1");
        for (const auto version : {1, 2}) {
            const auto target = fmt::format("/audit/receipt?stream={}&version={}", stream, version);
            const auto missing = get(customer(1), "/audit/receipt?position=777777");
            EXPECT_EQ(get(customer(1), target).body, missing.body) << target;
            EXPECT_EQ(get(customer(2), target).body, missing.body) << target;
        }
    }
}

// Of every event of the log: what follows from what he asked for, and no more. The delivery was
// asked for by the staff.
TEST_F(Ownership, of_receipts_is_that_of_all_streams_of_his_orders) {
    reserve_phone(customer(1), 1);
    buy_product(customer(1), 1);
    be_vaccinated(customer(1), 1);
    have_repaired(customer(1), "12A3456");
    order_phone(customer(1));
    order_phone(customer(2));
    std::set<std::string> his;
    const auto last = head();
    for (std::uint64_t position = 1; position <= last; ++position) {
        const auto target = fmt::format("/audit/receipt?position={}", position);
        if (get(customer(1), target).status != 200) continue;
        EXPECT_EQ(get(customer(2), target).status, 404) << target;
        his.insert(category_at(position));
    }
    EXPECT_THAT(his, testing::ElementsAre(
                         "market.bill", "market.reservation", "notification.notification",
                         "payment.payment", "phoneshop.order", "phoneshop.store_order",
                         "prereservation.receipt", "prereservation.reservation",
                         "repairshop.receipt", "repairshop.repair", "vaccination.appointment",
                         "vaccination.reservation", "vaccination.user"));
}

}  // namespace
}  // namespace yeyak::api
