// What a server tells of itself in figures: each family, read from a server that runs.
#include "server/metrics/metrics.h"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "aggregates/operations/contract.h"
#include "kernel/edge/log.h"
#include "kernel/json.h"
#include "projections/sagas/sagas.h"
#include "server/append.h"
#include "server/metrics/sections.h"
#include "server/metrics/shared_readings.h"
#include "tests/api/running_server.h"

namespace yeyak::server {
namespace {

using namespace std::chrono_literals;
using boost::asio::awaitable;
using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

TEST(Histogram, counts_a_value_under_the_first_bound_that_is_not_smaller) {
    static constexpr std::array bounds{1.0, 2.0, 4.0};
    Histogram histogram{bounds};
    for (const double value : {0.0, 1.0, 1.5, 2.0, 4.0, 4.5, 100.0}) histogram.observe(value);
    EXPECT_THAT(histogram.counts(), testing::ElementsAre(2, 2, 1, 2));
    EXPECT_DOUBLE_EQ(histogram.sum(), 113.0);
}

TEST(Families, are_written_as_prometheus_reads_them) {
    static constexpr std::array bounds{0.5, 1.0};
    Histogram histogram{bounds};
    histogram.observe(0.25);
    histogram.observe(3);
    Families families;
    families.gauge("a_bytes", "Bytes of a.").set({{"of", "x\"y\n"}}, 12'345'678'901);
    families.gauge("nothing", "Left out.");
    families.counter("b_total", "Those of b.").set(0.5);
    families.histogram("c_seconds", "How long c took.").observe({{"of", "x"}}, histogram);
    EXPECT_EQ(families.text(),
              "# HELP a_bytes Bytes of a.\n# TYPE a_bytes gauge\n"
              "a_bytes{of=\"x\\\"y\\n\"} 12345678901\n"
              "# HELP b_total Those of b.\n# TYPE b_total counter\nb_total 0.5\n"
              "# HELP c_seconds How long c took.\n# TYPE c_seconds histogram\n"
              "c_seconds_count{of=\"x\"} 2\nc_seconds_sum{of=\"x\"} 3.25\n"
              "c_seconds_bucket{of=\"x\",le=\"0.5\"} 1\nc_seconds_bucket{of=\"x\",le=\"1\"} 1\n"
              "c_seconds_bucket{of=\"x\",le=\"+Inf\"} 2\n");
}

TEST(RequestFigures, keep_route_method_status_and_code) {
    RequestFigures requests;
    requests.note({.method = "GET", .route = "/a/{id}", .status = 200, .took = 2ms});
    requests.note({.method = "GET", .route = "/a/{id}", .status = 404, .refusal = "not_found"});
    requests.note(
        {.method = "GET", .route = "/events", .status = 200, .took = 1h, .streamed = true});
    requests.note({.status = 400, .refusal = "bad_field"});
    Families families;
    add_requests(families, requests);
    const auto text = families.text();
    for (const auto* line :
         {"yeyak_http_requests_total{method=\"GET\",route=\"/a/{id}\",status=\"200\"} 1\n",
          "yeyak_http_requests_total{method=\"GET\",route=\"/a/{id}\",status=\"404\"} 1\n",
          "yeyak_http_requests_total{method=\"GET\",route=\"/events\",status=\"200\"} 1\n",
          "yeyak_http_requests_total{method=\"unreadable\",route=\"none\",status=\"400\"} 1\n",
          "duration_seconds_count{method=\"GET\",route=\"/a/{id}\"} 2\n",
          "duration_seconds_bucket{method=\"GET\",route=\"/a/{id}\",le=\"0.001\"} 1\n",
          "duration_seconds_bucket{method=\"GET\",route=\"/a/{id}\",le=\"0.0025\"} 2\n",
          "duration_seconds_count{method=\"GET\",route=\"/events\"} 0\n",
          "yeyak_http_refusals_total{code=\"bad_field\"} 1\n",
          "yeyak_http_refusals_total{code=\"not_found\"} 1\n"})
        EXPECT_THAT(text, HasSubstr(line));
}

TEST(Outcomes, of_commands_and_appends_have_names) {
    const auto of = [](Ended ended, bool replayed = false) {
        Reply reply;
        reply.ended = ended;
        reply.refusal = "some_rule";
        reply.replayed = replayed;
        return outcome_of(StoreResult<Reply>{reply});
    };
    EXPECT_EQ(of(Ended::ok), "ok");
    EXPECT_EQ(of(Ended::refused), "refused") << "codes are counted with the answers";
    EXPECT_EQ(of(Ended::context_down), code_of(Ended::context_down));
    EXPECT_EQ(of(Ended::key_reused, true), code_of(Ended::key_reused));
    EXPECT_EQ(of(Ended::ok, true), "repeated");
    const auto failed = [](StoreError::Kind kind) {
        return outcome_of(StoreResult<AppendOutcome>{std::unexpected(StoreError{kind, "why"})});
    };
    EXPECT_EQ(failed(StoreError::Kind::busy), "busy");
    EXPECT_EQ(failed(StoreError::Kind::no_space), "no_space");
    EXPECT_EQ(failed(StoreError::Kind::unknown), "unknown");
    EXPECT_EQ(failed(StoreError::Kind::corrupt), "failed");
    AppendOutcome conflict;
    conflict.code = AppendEnd::wrong_expected_version;
    EXPECT_EQ(outcome_of(StoreResult<AppendOutcome>{conflict}), "wrong_expected_version");
}

TEST(SagaSection, tells_states_and_who_waits_longest) {
    SagaFigures sagas;
    sagas.open[{"market.purchase", "paying"}] = {2, Instant{1'000}, Instant{9'500}};
    sagas.ended = 7;
    Families families;
    add_sagas(families, sagas, Instant{11'000});
    const auto text = families.text();
    const std::string of = "{saga=\"market.purchase\",state=\"paying\"} ";
    EXPECT_THAT(text, HasSubstr("yeyak_sagas_open" + of + "2\n"));
    EXPECT_THAT(text, HasSubstr("yeyak_saga_oldest_age_seconds" + of + "10\n"));
    EXPECT_THAT(text, HasSubstr("yeyak_saga_longest_pause_seconds" + of + "1.5\n"));
    EXPECT_THAT(text, HasSubstr("yeyak_sagas_ended 7\n"));
}

// Three are open and one has ended, of which two are looked at.
TEST(SagaReading, takes_no_open_saga_for_an_ended_one) {
    api::TempFolder folder;
    const auto views = *projections::ViewStore::open(folder.path() / "views", false);
    const projections::Build build{"sagas", 1};
    projections::ViewStore::Changes changes{build};
    for (const auto* id : {"a", "b", "c", "d"}) {
        const std::string status = *id == 'd' ? "ended" : "open";
        projections::SagaRow row;
        row.id = id;
        row.saga = "market.purchase";
        row.state = "paying";
        row.status = status;
        changes.put(projections::List::active, id, {{1}, to_json(row)});
        changes.put_index("status", status, id);
    }
    ASSERT_TRUE(views->write(changes, 4, {4, 0}).has_value());
    const std::atomic<bool> stop = false;
    const auto figures = read_sagas(*views, build, 2, stop);
    ASSERT_TRUE(figures.has_value());
    EXPECT_EQ(figures->ended, 1U);
    EXPECT_EQ(figures->open.at({"market.purchase", "paying"}).count, 2U);
}

class SharedReadingsTest : public testing::Test {
  protected:
    template <class T>
    T run(boost::asio::awaitable<T> work) {
        auto done = boost::asio::co_spawn(io_, std::move(work), boost::asio::use_future);
        io_.restart();
        while (done.wait_for(0s) != std::future_status::ready) io_.run_one_for(10ms);
        return done.get();
    }

    boost::asio::io_context io_;
};

TEST_F(SharedReadingsTest, two_who_ask_at_once_are_told_the_same) {
    std::atomic<int> read = 0;
    SharedReadings readings{[&](const std::atomic<bool>&) {
        ++read;
        return Readings{};
    }};
    const auto begun = std::chrono::steady_clock::now();
    auto other = boost::asio::co_spawn(io_, readings.get(), boost::asio::use_future);
    const auto first = run(readings.get());
    while (other.wait_for(0s) != std::future_status::ready) io_.run_one_for(10ms);
    if (std::chrono::steady_clock::now() - begun < 1s) {
        EXPECT_EQ(other.get(), first);
        EXPECT_EQ(read, 1);
    }
    std::this_thread::sleep_for(1100ms);
    EXPECT_NE(run(readings.get()), first);
}

TEST_F(SharedReadingsTest, what_cannot_be_read_is_told_in_the_log) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::tmpfile(), &std::fclose};
    log::start(
        {.clock = [] { return Instant{0}; }, .format = log::Format::json, .stream = file.get()});
    SharedReadings readings{
        [](const std::atomic<bool>&) -> Readings { throw std::runtime_error{"no room"}; }};
    EXPECT_THROW(run(readings.get()), std::runtime_error);
    log::start({.clock = [] { return Instant{0}; }});
    std::rewind(file.get());
    std::string text(4096, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), file.get()));
    EXPECT_THAT(text, AllOf(HasSubstr("\"level\":\"error\",\"event\":\"figures_unread\""),
                            HasSubstr("\"detail\":\"no room\"")));
}

TEST(WaitingSection, tells_what_waits_and_how_late_timers_are) {
    Readings readings;
    readings.outbox = CountByName{{"payment.payment", 3}};
    readings.inboxes = CountByName{{"receipt", 2}};
    const auto text = [&](std::optional<Instant> earliest) {
        Families families;
        add_waiting(families, readings, {.waiting = 4, .earliest = earliest}, Instant{10'000});
        return families.text();
    };
    EXPECT_THAT(text(Instant{8'000}),
                AllOf(HasSubstr("yeyak_outbox_effects{category=\"payment.payment\"} 3\n"),
                      HasSubstr("yeyak_inbox_messages{context=\"receipt\"} 2\n"),
                      HasSubstr("yeyak_timers 4\n"), HasSubstr("overdue_seconds 2\n")));
    EXPECT_THAT(text(Instant{12'000}), HasSubstr("overdue_seconds 0\n")) << "not due yet";
    EXPECT_THAT(text(std::nullopt), HasSubstr("overdue_seconds 0\n"));
    readings.outbox.reset();
    EXPECT_THAT(text({}), Not(HasSubstr("outbox"))) << "what could not be read is left out";
}

class MetricsOfAServer : public RunningServer {
  protected:
    std::string text() { return run(runtime_->metrics().collect()).text(); }
    void append(std::string stream, std::string type = "noted", std::string payload = "{}") {
        AppendCall call;
        eventstore::NewEvent event;
        event.type = std::move(type);
        event.payload = std::move(payload);
        event.actor = "somebody";
        call.commit.appends.push_back({std::move(stream), {}, {event}});
        ASSERT_TRUE(run(runtime_->commands().append(std::move(call))).has_value());
    }
};

TEST_F(MetricsOfAServer, count_commands_appends_and_batches) {
    append("s-1");
    const auto fact = operations::PersonExported{"market/user:1", "r"};
    ASSERT_TRUE(run(runtime_->commands().record({"request", "request", "auditor"}, fact)));
    const auto told = text();
    EXPECT_THAT(told, HasSubstr("yeyak_appends_total{outcome=\"ok\"} 1\n"));
    EXPECT_THAT(told, HasSubstr("yeyak_commands_total{outcome=\"ok\"} 1\n"));
    EXPECT_THAT(told, HasSubstr("yeyak_log_position 2\n"));
    EXPECT_THAT(told, HasSubstr("yeyak_batch_events_sum 2\n"));
    EXPECT_THAT(told, HasSubstr("yeyak_sequencer_waiting_work 0\n"));
    EXPECT_THAT(told, Not(HasSubstr("market/user:1"))) << "nothing of what was sent";
}

TEST_F(MetricsOfAServer, follow_the_views_and_the_checkpoint) {
    ASSERT_TRUE(run(runtime_->commands().set_context("receipt", {.state = ContextState::down})));
    for (int i = 0; i < 3; ++i) append("s-1");
    ASSERT_TRUE(run(runtime_->reads().fresh("payments", {.least = 3})).reached);
    ASSERT_TRUE(run(runtime_->upkeep().ledger_reaches(3, 60s)));
    const auto told = text();
    EXPECT_THAT(told, HasSubstr("yeyak_view_position{view=\"payments\"} 3\n"));
    EXPECT_THAT(told, HasSubstr("yeyak_view_lag_events{view=\"payments\"} 0\n"));
    EXPECT_THAT(told, HasSubstr("yeyak_view_lag_events{view=\"receipts\"} 3\n"));
    EXPECT_THAT(told, HasSubstr("yeyak_view_failed{view=\"receipts\"} 0\n"));
    EXPECT_THAT(told, HasSubstr("yeyak_context_up{context=\"receipt\"} 0\n"));
    EXPECT_THAT(told, HasSubstr("yeyak_checkpoint_position 3\n"));
}

TEST_F(MetricsOfAServer, do_not_take_a_stranger_for_a_saga) {
    append("kim-1", "kim_stepped.v1",
           R"({"input":"a","inputId":"b@1","sent":[],"timers":[],"ended":false,)"
           R"("state":"minsu","data":{}})");
    ASSERT_TRUE(run(runtime_->reads().fresh("sagas", {.least = 1})).reached);
    ASSERT_EQ(runtime_->reads().views().counts(runtime_->upkeep().progress("sagas").build)->active,
              0);
    EXPECT_THAT(text(), Not(HasSubstr("yeyak_sagas_open")));
}

TEST_F(MetricsOfAServer, know_the_databases_the_disk_and_the_process) {
    const auto told = text();
    EXPECT_THAT(told, HasSubstr("yeyak_rocksdb_memory_table_bytes{database=\"log\"} "));
    EXPECT_THAT(told, HasSubstr("yeyak_rocksdb_background_errors{database=\"views\"} 0\n"));
    EXPECT_THAT(told, HasSubstr("yeyak_disk_headroom_bytes 268435456\n"));
    EXPECT_THAT(told, Not(HasSubstr("yeyak_unread_figures")));
    for (const auto* name :
         {"yeyak_disk_free_bytes", "process_cpu_seconds_total", "process_resident_memory_bytes",
          "process_open_fds", "process_max_fds", "process_start_time_seconds"})
        EXPECT_THAT(told, testing::ContainsRegex(std::string{name} + " [0-9.]*[1-9]"));
    const auto process = process_figures();
    const auto age = static_cast<double>(time(nullptr)) - process.started;
    EXPECT_GE(age, -2) << "the start of the machine is known to a second";
    EXPECT_LT(age, 24 * 3600);
    EXPECT_LE(process.descriptors, process.most_descriptors);
}

TEST_F(MetricsOfAServer, read_what_takes_long_at_most_once_a_second) {
    const auto descriptors = [&] {
        const auto told = text();
        const auto at = told.find("\nprocess_open_fds ");
        return told.substr(at + 1, told.find('\n', at + 1) - at);
    };
    const auto begun = std::chrono::steady_clock::now();
    const auto first = descriptors();
    std::vector<std::ifstream> more;  // many: the server opens and closes some, too
    for (int i = 0; i < 50; ++i) more.emplace_back("/proc/self/stat");
    const auto second = descriptors();
    if (std::chrono::steady_clock::now() - begun < 1s) EXPECT_EQ(second, first);
    std::this_thread::sleep_for(1100ms);
    EXPECT_NE(descriptors(), first);
}

}  // namespace
}  // namespace yeyak::server
