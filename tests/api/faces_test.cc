// The three faces of a server that runs: what routes are promised of commands, reads and upkeep.
#include <stdexcept>

#include "tests/api/running_server.h"

namespace yeyak::server {
namespace {

using namespace std::chrono_literals;
using boost::asio::awaitable;

class Faces : public RunningServer {
  protected:
    Faces() { config_.read_wait_ms = 60'000; }

    // A fact in the log; answers its position.
    Position record() {
        const auto reply = run(commands().record({"request", "request", "auditor"},
                                                 operations::PersonExported{"market/user:1", "r"}));
        EXPECT_TRUE(reply.has_value() && reply->ok());
        return reply ? reply->position : 0;
    }
    Commands& commands() { return runtime_->commands(); }
    Reads& reads() { return runtime_->reads(); }
    Upkeep& upkeep() { return runtime_->upkeep(); }
};

TEST_F(Faces, show_a_recorded_fact_in_log_view_and_checkpoint) {
    const auto position = record();
    ASSERT_EQ(position, reads().log().head());
    eventstore::AllQuery newest;
    newest.after = position - 1;
    const auto page = reads().log().read_all(newest);
    ASSERT_TRUE(page.has_value() && page->events.size() == 1);
    EXPECT_EQ(page->events.front()->data.actor, "auditor");
    const auto view = run(reads().fresh("receipts", {.least = position}));
    EXPECT_TRUE(view.reached);
    EXPECT_EQ(view.position, position);
    EXPECT_EQ(view.build->view, "receipts");
    EXPECT_TRUE(run(upkeep().ledger_reaches(position, 60s)));
    EXPECT_GE(upkeep().ledger().covered(), position);
}

TEST_F(Faces, do_not_wait_for_what_lies_beyond_the_log) {
    const auto head = record();
    const auto view = run(reads().fresh("receipts", {.least = head + 1}));
    EXPECT_FALSE(view.reached);
    EXPECT_EQ(view.head, head);
}

TEST_F(Faces, do_not_wait_when_a_view_is_wanted_as_it_stands) {
    ASSERT_TRUE(run(commands().set_context("receipt", {.state = ContextState::down})));
    const auto before = upkeep().progress("receipts").position;
    const auto head = record();
    ASSERT_GT(head, before);
    const auto view = run(reads().fresh("receipts", {.eventual = true}));
    EXPECT_TRUE(view.reached);
    EXPECT_LT(view.position, view.head);
}

TEST_F(Faces, name_the_context_of_a_view_that_is_stopped) {
    EXPECT_FALSE(reads().stopped("receipts").has_value());
    ASSERT_TRUE(run(commands().set_context("receipt", {.state = ContextState::down})));
    EXPECT_EQ(reads().stopped("receipts"), "receipt");
    EXPECT_FALSE(commands().is_up("receipt"));
}

TEST_F(Faces, tell_once_that_the_log_has_grown) {
    const auto executor = io_.get_executor();
    const auto news = reads().watch_growth(executor);
    EXPECT_FALSE(run(news->wait(1ms)));
    const auto later = reads().watch_growth(executor);
    record();
    EXPECT_TRUE(run(later->wait(60s)));
    const auto ended = reads().watch_growth(executor);
    ended->end();
    EXPECT_TRUE(run(ended->wait(60s)));
}

TEST_F(Faces, read_aside_on_another_thread) {
    const auto here = std::this_thread::get_id();
    const auto there =
        run(reads().aside<std::thread::id>([](const auto&) { return std::this_thread::get_id(); }));
    EXPECT_NE(there, here);
}

TEST_F(Faces, throw_here_what_a_reading_aside_has_thrown_and_go_on) {
    EXPECT_THROW(
        run(reads().aside<int>([](const auto&) -> int { throw std::runtime_error{"unread"}; })),
        std::runtime_error);
    EXPECT_EQ(run(reads().aside<int>([](const auto&) { return 1; })), 1);
}

TEST_F(Faces, say_when_there_is_nothing_to_change_in_a_view) {
    for (const bool paused : {true, false}) {
        const auto changed = run(upkeep().pause_rebuilds({"receipts", "sagas"}, paused));
        EXPECT_TRUE(changed.has_value() && !*changed);
    }
    const auto rolled_back = run(upkeep().roll_back("receipts", "operator"));
    EXPECT_TRUE(rolled_back.has_value() && !*rolled_back);
}

TEST_F(Faces, rebuild_the_views_that_are_wished_for_and_go_back_to_the_build_before) {
    const auto before = upkeep().progress("receipts").build.generation;
    const auto begun = run(upkeep().begin_rebuilds({{.view = "receipts", .actor = "operator"}}));
    ASSERT_TRUE(begun.has_value() && *begun);
    const auto is_switched = [&] {
        return upkeep().rebuild("receipts")->state == RebuildState::switched;
    };
    // An I/O context without work returns at once, so the time passes here.
    for (int i = 0; i < 6000 && !is_switched(); ++i) {
        io_.restart();
        io_.poll();
        std::this_thread::sleep_for(10ms);
    }
    ASSERT_TRUE(is_switched());
    EXPECT_GT(upkeep().progress("receipts").build.generation, before);
    const auto rolled_back = run(upkeep().roll_back("receipts", "operator"));
    ASSERT_TRUE(rolled_back.has_value() && *rolled_back);
    EXPECT_EQ(upkeep().progress("receipts").build.generation, before);
}

}  // namespace
}  // namespace yeyak::server
