// Who did what, when and why; and text for terminals and spreadsheets.
#include "replay-tools/audit/trail.h"

#include <fmt/format.h>

#include <set>

#include "aggregates/kernel/json.h"
#include "eventstore/rocks_store.h"
#include "replay-tools/terminal/text.h"
#include "tests/replay-tools/folder_test.h"

namespace yeyak::tools::testing {
namespace {

class TrailTest : public FolderTest {
  protected:
    void SetUp() override {
        FolderTest::SetUp();
        eventstore::RocksOptions options;
        options.data_dir = data();
        options.read_only = true;
        log_ = *eventstore::RocksStore::open(options);
    }
    std::unique_ptr<eventstore::RocksStore> log_;
};

TEST_F(TrailTest, OfAStream) {
    std::vector<std::string> types;
    const auto done = trail_of_stream(*log_, "payment.payment-prereservation-4",
                                      [&](const auto& event) { types.push_back(event.data.type); });
    ASSERT_TRUE(done.has_value());
    EXPECT_EQ(types,
              (std::vector<std::string>{
                  "payment.payment_requested.v1", "payment.payment_completed.v1",
                  "payment.payment_cancellation_requested.v1", "payment.payment_cancelled.v1"}));
}

// Streams that are not tagged with the user, such as the saga and the receipt, belong to it, too.
TEST_F(TrailTest, OfAUser) {
    std::set<std::string> streams;
    eventstore::Position last = 0;
    const auto done = trail_of_user(*log_, "5", [&](const auto& event) {
        EXPECT_GT(event.position, last);
        last = event.position;
        streams.insert(event.stream);
    });
    ASSERT_TRUE(done.has_value());
    // Reservations 4, 101 and 198 are of user 5; 4 % 97 + 1.
    const std::set<std::string> expected{
        "payment.payment-prereservation-4",   "payment.payment-prereservation-101",
        "payment.payment-prereservation-198", "prereservation.checkout-4",
        "prereservation.checkout-101",        "prereservation.checkout-198",
        "prereservation.receipt-4",           "prereservation.receipt-198",
        "prereservation.reservation-4",       "prereservation.reservation-101",
        "prereservation.reservation-198"};
    EXPECT_EQ(streams, expected);
}

std::string printed(TrailFormat format, const eventstore::RecordedEvent& event) {
    ::testing::internal::CaptureStdout();
    TrailPrinter printer{format, 60};
    printer.begin();
    printer.event(event);
    printer.event(event);
    printer.end();
    std::fflush(stdout);
    return ::testing::internal::GetCapturedStdout();
}

eventstore::RecordedEvent nasty_event() {
    eventstore::RecordedEvent event;
    event.position = 7;
    event.version = 2;
    event.stream = "payment.payment-1";
    event.time = Instant{1'795'142'400'000};
    event.data.type = "payment.refunded.v1";
    event.data.actor = "=HYPERLINK(\"http://x\",\"y\")";
    event.data.payload = R"({"reason":"사용자 요청, \"now\""})";
    event.data.correlation_id = "request\x1b[2J-1";
    return event;
}

TEST(TrailPrinterTest, CsvIsQuotedAndHoldsNoFormula) {
    const auto csv = printed(TrailFormat::csv, nasty_event());
    EXPECT_NE(csv.find(",\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\","), std::string::npos) << csv;
    EXPECT_NE(csv.find("\"사용자 요청, \"\"now\"\"\""), std::string::npos) << csv;
    EXPECT_NE(csv.find(to_text(nasty_event().time)), std::string::npos);
    EXPECT_NE(csv.find("+09:00"), std::string::npos);
}

TEST(TrailPrinterTest, JsonIsJson) {
    const auto json = printed(TrailFormat::json, nasty_event());
    EXPECT_TRUE(check_json(json, false).has_value()) << json;
}

TEST(TrailPrinterTest, TableFitsTheTerminalAndSendsItNoCommands) {
    const auto table = printed(TrailFormat::table, nasty_event());
    EXPECT_EQ(table.find('\x1b'), std::string::npos);
    for (const auto* part : {"payment.refunded.v1", "payment.payment-1@2", "사용자 요청", "+09:00"})
        EXPECT_NE(table.find(part), std::string::npos) << part;
    std::size_t begin = 0;
    while (begin < table.size()) {
        const auto end = table.find('\n', begin);
        EXPECT_LE(display_width(std::string_view{table}.substr(begin, end - begin)), 60U) << table;
        begin = end + 1;
    }
}

TEST(TextTest, CsvFields) {
    EXPECT_EQ(csv_field("plain"), "plain");
    EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
    EXPECT_EQ(csv_field("a\r\nb"), "\"a\r\nb\"");
    EXPECT_EQ(csv_field("+1"), "'+1");
    EXPECT_EQ(csv_field("-1"), "'-1");
    EXPECT_EQ(csv_field("@x"), "'@x");
    EXPECT_EQ(csv_field("\tx"), "'\tx");
    EXPECT_EQ(csv_field(""), "");
}

TEST(TextTest, Widths) {
    EXPECT_EQ(display_width("서울 1"), 6U);
    EXPECT_EQ(clipped("서울특별시", 7), "서울특…");
    EXPECT_EQ(clipped("short", 7), "short");
    EXPECT_EQ(printable(std::string{"a\x00\xff\x7f가", 7}), "a\\x00\\xff\\x7f가");
    EXPECT_EQ(seoul_text(Instant{0}), "1970-01-01T09:00:00.000+09:00");
}

}  // namespace
}  // namespace yeyak::tools::testing
