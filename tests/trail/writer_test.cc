// The trail as text, whatever bytes the events hold.
#include "audit/trail/writer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "kernel/json.h"
#include "kernel/text.h"

namespace yeyak::trail {
namespace {

constexpr std::string_view script = "<script>alert('x')</script>";

eventstore::EventPtr hostile_event() {
    auto event = std::make_shared<RecordedEvent>();
    event->position = 7;
    event->version = 2;
    event->stream = "shop.order-\"><img src=x onerror=alert(1)>";
    event->time = Instant{1'795'142'400'000};
    event->data.type = "shop.refunded.v1";
    event->data.actor = "=HYPERLINK(\"http://x\",\"y\")";
    event->data.payload =
        R"({"reason":"사용자 요청, \"now\" <script>alert('x')</script>","name":"\u202Egnp.exe",)"
        R"("deep":{"a":{"b":-1}},"long":")" +
        std::string(5000, 'w') + R"(","</td>":"&"})";
    event->data.correlation_id = "request\x1b[2J-1";
    event->data.causation_id = "http/c1 from 10.0.0.7";
    return event;
}

Heading heading() {
    Heading made;
    made.query.actor = std::string{script};
    made.reader = "auditor";
    made.reason = std::string{script};
    made.checkpoint = "yeyak\n7\nroot=\n\n— yeyak " + std::string{script} + "\n";
    made.recorded_as = 8;
    made.events = 2;
    made.next_after = 7;
    return made;
}

std::string told(Format format, std::optional<std::size_t> columns = 60) {
    const auto writer = make_writer(format, columns);
    Entry entry;
    entry.event = hostile_event();
    entry.payload = entry.event->data.payload;
    entry.what = "refunded";
    entry.reason = "사용자 요청, \"now\" " + std::string{script};
    entry.details = {{"name", "\u202Egnp.exe"}, {"</td>", "&"}, {"long", std::string(5000, 'w')}};
    entry.because = {"request c1 of " + std::string{script}};
    entry.from = "10.0.0.7";
    return writer->begin(heading()) + writer->entry(entry) + writer->entry(entry) + writer->end();
}

std::size_t count_of(std::string_view text, std::string_view part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
        ++count;
    return count;
}

TEST(TrailHtml, holds_no_markup_from_events) {
    const auto html = told(Format::html);
    EXPECT_EQ(count_of(html, "<script"), 0U);
    EXPECT_EQ(count_of(html, "<img"), 0U);
    EXPECT_EQ(count_of(html, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"), 7U);
    EXPECT_EQ(count_of(html, "\u202e"), 0U) << "a letter that turns the text around";
    EXPECT_EQ(count_of(html, "\x1b"), 0U);
    EXPECT_EQ(count_of(html, "<tr "), 2U);
    EXPECT_EQ(count_of(html, "</td>"), 12U);
}

TEST(TrailHtml, is_one_file_that_loads_nothing) {
    const auto html = told(Format::html);
    for (const auto* part : {"<link", "<iframe", "@import", "url("})
        EXPECT_EQ(count_of(html, part), 0U) << part;
    EXPECT_EQ(count_of(html, "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'"),
              1U);
    for (const auto* part : {"size: A4", "table-header-group", "counter(page)",
                             "prefers-color-scheme: dark", "감사 추적", "There is more"})
        EXPECT_GT(count_of(html, part), 0U) << part;
}

TEST(TrailCsv, is_quoted_and_holds_no_formula) {
    const auto csv = told(Format::csv);
    EXPECT_EQ(count_of(csv, ",\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\","), 2U) << csv;
    EXPECT_EQ(count_of(csv, "\r\n"), 3U);
    EXPECT_EQ(count_of(csv, "\n"), 3U) << "every line is one record";
    EXPECT_EQ(count_of(csv, "\u202e"), 0U);
}

TEST(TrailJson, is_one_document) {
    const auto json = told(Format::json);
    EXPECT_TRUE(check_json(json, true).has_value()) << json;
    EXPECT_EQ(count_of(json, "\"position\":7,"), 2U);
    EXPECT_EQ(count_of(json, "\"nextAfter\":7,"), 1U);
    EXPECT_EQ(count_of(json, "request\\u001b[2J-1"), 2U) << "exactly, with escapes";
}

TEST(TrailTable, fits_the_terminal_and_sends_it_no_commands) {
    const auto table = told(Format::table);
    EXPECT_EQ(count_of(table, "\x1b"), 0U);
    EXPECT_EQ(count_of(table, "\u202e"), 0U);
    for (const auto* part : {"refunded", "사용자 요청", "+09:00", "from 10.0.0.7", "--after 7"})
        EXPECT_GT(count_of(table, part), 0U) << part;
    for (std::string_view rest = table; !rest.empty();) {
        const auto end = std::min(rest.find('\n'), rest.size());
        EXPECT_LE(display_width(rest.substr(0, end)), 60U) << table;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    EXPECT_GE(count_of(table, "w"), 10'000U) << "folded, not cut";
}

TEST(TrailTable, leaves_long_values_whole_where_there_is_no_terminal) {
    EXPECT_EQ(count_of(told(Format::table, std::nullopt), "long=" + std::string(5000, 'w')), 2U);
}

}  // namespace
}  // namespace yeyak::trail
