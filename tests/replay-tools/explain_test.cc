// The commands that read the past, as they are typed: what they print and how they end.
#include <fmt/format.h>

#include "kernel/json.h"
#include "replay-tools/cli/cli.h"
#include "tests/replay-tools/folder_test.h"
#include "tests/replay-tools/raw_writer.h"
#include "tests/replay-tools/run_yeyak.h"

namespace yeyak::tools::testing {
namespace {

class ExplainTest : public FolderTest {
  protected:
    Ran explain(std::vector<std::string> more) {
        more.insert(more.begin(), {"replay", "explain", "--data", data(), "--view", "payments"});
        return yeyak(std::move(more));
    }
    Ran as_of(std::vector<std::string> more) {
        more.insert(more.begin(), {"replay", "--data", data(), "--view", "payments"});
        return yeyak(std::move(more));
    }
};

// Reservation 9 was paid at once: fate 0.
TEST_F(ExplainTest, tells_what_made_a_row) {
    const auto before = snapshot_of(data());
    const auto ran = explain({"--key", "9"});
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_TRUE(has(ran.out, "payment.payment_requested.v1\n")) << ran.out;
    EXPECT_TRUE(has(ran.out, "      status: \"payment_requested\"\n")) << ran.out;
    EXPECT_TRUE(has(ran.out, "      status: \"payment_requested\" -> \"paid\"\n")) << ran.out;
    EXPECT_TRUE(has(ran.out, "2 events made row 9 of payments, as of event ")) << ran.out;
    EXPECT_EQ(snapshot_of(data()), before);
    const auto json = explain({"--key", "9", "--json"});
    EXPECT_EQ(json.code, 0);
    EXPECT_TRUE(check_json(json.out, true).has_value()) << json.out;
    EXPECT_TRUE(has(json.out, R"({"field":"status","before":"payment_requested","after":"paid"})"))
        << json.out;
}

TEST_F(ExplainTest, tells_what_would_be_without_an_event) {
    const auto json = explain({"--key", "9", "--json"}).out;
    const auto paid = json.find("payment_completed");
    const auto position = json.rfind("{\"position\":", paid) + 12;
    const auto number = json.substr(position, json.find(',', position) - position);
    const auto ran = explain({"--key", "9", "--without", number});
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_TRUE(has(ran.out, "      status: \"paid\" -> \"payment_requested\"\n")) << ran.out;
    const auto machine = explain({"--key", "9", "--without", number, "--json"});
    EXPECT_TRUE(check_json(machine.out, true).has_value()) << machine.out;
    const auto stranger = explain({"--key", "9", "--without", "1"});
    EXPECT_EQ(stranger.code, 1);
    EXPECT_TRUE(has(stranger.err, "event 1 did not make row 9 of payments")) << stranger.err;
}

TEST_F(ExplainTest, refuses_what_is_not_there) {
    EXPECT_EQ(explain({"--key", "100000"}).code, 1);
    EXPECT_EQ(explain({"--key", "9", "--as-of", "yesterday"}).code, 2);
    EXPECT_EQ(explain({"--key", "9", "--as-of", "99999999"}).code, 1);
    EXPECT_EQ(explain({}).code, 2);
    EXPECT_EQ(yeyak({"replay", "explain", "--view", "payments", "--key", "1"}).code, 2);
    EXPECT_EQ(
        yeyak({"replay", "explain", "--data", "/nowhere", "--view", "payments", "--key", "1"}).code,
        3);
    EXPECT_EQ(yeyak({"replay", "explain", "--server", "http://127.0.0.1:1", "--view", "payments",
                     "--key", "1"})
                  .code,
              5);
}

TEST_F(ExplainTest, a_saga_is_named_by_its_text) {
    const auto ran = yeyak({"replay", "explain", "--data", data(), "--view", "sagas", "--key",
                            "prereservation.checkout-9"});
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_TRUE(has(ran.out, "state: \"paying\" -> \"completed\"")) << ran.out;
}

TEST_F(ExplainTest, as_of_prints_the_rows_of_then) {
    const auto before = snapshot_of(data());
    const auto none = as_of({"--as-of", "0", "--json"});
    EXPECT_EQ(none.out,
              "{\"view\":\"payments\",\"position\":0,\"active\":0,\"cancelled\":0,\"rows\":[]}\n");
    const auto all = as_of({"--as-of", "2100-01-01T00:00:00Z", "--json"});
    EXPECT_EQ(all.code, 0);
    EXPECT_TRUE(check_json(all.out, true).has_value());
    EXPECT_TRUE(has(all.out, "\"id\":270,")) << all.out.substr(0, 300);
    const auto table = as_of({"--as-of", "2000"});
    EXPECT_TRUE(table.out.starts_with("id ")) << table.out.substr(0, 300);
    EXPECT_TRUE(has(table.out, "payments as of event 2000: 270 rows")) << table.out;
    EXPECT_EQ(snapshot_of(data()), before) << "the working folder is gone";
}

TEST_F(ExplainTest, as_of_of_one_row) {
    const auto json = explain({"--key", "9", "--json"}).out;
    const auto paid = json.find("payment_completed");
    const auto at = json.rfind("{\"position\":", paid) + 12;
    const auto position = std::stoull(json.substr(at, json.find(',', at) - at));
    const auto now = as_of({"--as-of", std::to_string(position), "--key", "9", "--json"});
    EXPECT_TRUE(has(now.out, R"("status":"paid")")) << now.out;
    const auto then = as_of({"--as-of", std::to_string(position - 1), "--key", "9", "--json"});
    EXPECT_TRUE(has(then.out, R"("status":"payment_requested")")) << then.out;
    EXPECT_EQ(as_of({"--as-of", "1", "--key", "9"}).code, 1);
    EXPECT_EQ(as_of({"--as-of", "1", "--yes"}).code, 2);
    EXPECT_EQ(as_of({"--key", "9"}).code, 2);
    EXPECT_EQ(yeyak({"replay", "--data", data(), "--view", "all", "--as-of", "1"}).code, 2);
}

TEST_F(ExplainTest, schema_check_ends_with_one_when_not_everything_is_read) {
    const auto whole = yeyak({"replay", "schema-check", "--data", data()});
    EXPECT_EQ(whole.code, 0) << whole.out;
    EXPECT_TRUE(has(whole.out, "This version reads everything in the log")) << whole.out;
    append(data(), "payment.payment-prereservation-1", "payment.payment_praised.v1", "{}");
    const auto ran = yeyak({"replay", "schema-check", "--data", data(), "--json"});
    EXPECT_EQ(ran.code, 1);
    EXPECT_TRUE(check_json(ran.out, true).has_value()) << ran.out;
    EXPECT_TRUE(has(ran.out, R"("type":"payment.payment_praised.v1","ok":false,"known":false)"))
        << ran.out;
}

}  // namespace
}  // namespace yeyak::tools::testing
