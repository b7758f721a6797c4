#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <memory>
#include <random>
#include <set>

#include "demo/day.h"
#include "replay-tools/terminal/interrupt.h"
#include "replay-tools/terminal/progress.h"
#include "replay-tools/terminal/quantity.h"

namespace yeyak::demo {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr milliseconds tick{200};
constexpr int tries_to_start = 5;
// An outage begins so long after the last one ended, and lasts so long; at random in between.
constexpr std::uint64_t least_pause_ms = 500, most_pause_ms = 2500;
constexpr std::uint64_t least_outage_ms = 500, most_outage_ms = 3000;

milliseconds between(Random& random, std::uint64_t least, std::uint64_t most) {
    return milliseconds{static_cast<std::int64_t>(least + random.below(most - least + 1))};
}

Task<void> come_and_go(Day& day, Client& client) {
    for (auto next = day.next_visit(); next; next = day.next_visit()) {
        User user{day, client, *next->script, next->number, next->user};
        co_await next->script->visit(user);
    }
}

// What the coroutines of one run share beside the day.
struct Stage {
    asio::io_context io;
    Day day;
    std::vector<std::unique_ptr<Client>> clients;
    std::set<std::string> stopped;  // contexts that we have stopped and not started again
    std::size_t playing = 0;
    std::exception_ptr failure;

    explicit Stage(const Plan& plan, std::string run_id) : day(io, plan, std::move(run_id)) {}
};

ClientRequest set_state(const std::string& context, std::string_view state) {
    return {"PUT", "/actuator/contexts/" + context, fmt::format(R"({{"state":"{}"}})", state), ""};
}

Task<void> start(Stage& stage, Client& client, std::string context) {
    asio::steady_timer timer{stage.io};
    const auto request = set_state(context, "up");
    for (int left = tries_to_start; left > 0; --left) {
        const auto answer = co_await client.send(request);
        if (answer.ok()) {
            stage.stopped.erase(context);
            co_return;
        }
        boost::system::error_code ec;
        timer.expires_after(tick);
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    }
}

std::vector<std::string> contexts_of(const Plan& plan) {
    std::vector<std::string> all;
    for (const auto* script : plan.scripts)
        all.insert(all.end(), script->contexts.begin(), script->contexts.end());
    return all;
}

// Stops one context after the other. Whatever becomes of the day, what it stopped is started again.
Task<void> outages(Stage& stage, Client& client) {
    Day& day = stage.day;
    Random random{day.plan().seed};
    const auto contexts = contexts_of(day.plan());
    while (!day.over()) {
        const auto& context = contexts[random.below(contexts.size())];
        const auto pause = between(random, least_pause_ms, most_pause_ms);
        const auto length = between(random, least_outage_ms, most_outage_ms);
        co_await day.pause(pause);
        if (day.over()) break;
        stage.stopped.insert(context);  // also when the answer is lost
        const auto request = set_state(context, "down");
        const auto answer = co_await client.send(request);
        const bool refused = answer.status >= 400 && answer.status < 500;
        if (answer.ok())
            ++day.tally.outages;
        else
            day.tally.surprise(fmt::format("stop {} -> {}", context, answer.status),
                               answer.body + answer.error);
        if (refused) {
            stage.stopped.erase(context);
        } else {
            co_await day.pause(length);
            co_await start(stage, client, context);
        }
    }
}

// Shows how far it is, hears signals.
Task<void> watch(Stage& stage) {
    asio::steady_timer timer{stage.io};
    const auto& day = stage.day;
    tools::Progress progress{"demo", day.total(), day.unit()};
    while (stage.playing > 0) {
        if (tools::interrupted()) stage.day.end(Ending::interrupted);
        progress.reached(day.progress(), fmt::format("{}, {} without success",
                                                     tools::counted(day.tally.requests, "request"),
                                                     tools::grouped(day.tally.unsuccessful)));
        boost::system::error_code ec;
        timer.expires_after(tick);
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    }
}

void begin(Stage& stage, Task<void> task) {
    ++stage.playing;
    asio::co_spawn(stage.io, std::move(task), [&stage](std::exception_ptr failure) {
        --stage.playing;
        if (!failure) return;
        stage.failure = failure;
        stage.day.end(Ending::done);
    });
}

Client& new_client(Stage& stage) {
    stage.clients.push_back(
        std::make_unique<Client>(stage.io.get_executor(), stage.day.plan().server));
    return *stage.clients.back();
}

// Whether anybody is there at all, before the day begins.
Task<void> knock(Stage& stage, Client& client) {
    const ClientRequest request{"GET", "/actuator/health/readiness", "", ""};
    const auto answer = co_await client.send(request);
    if (answer.status != 0) co_return;
    stage.day.error = answer.error;
    stage.day.end(Ending::no_server);
}

std::string new_run_id() {
    std::random_device device;
    return fmt::format("{:08x}{:08x}", device(), device());
}

void run(Stage& stage) {
    stage.io.restart();
    stage.io.run();
    if (stage.failure) std::rethrow_exception(stage.failure);
}

}  // namespace

Outcome play(const Plan& plan) {
    const tools::InterruptGuard guard;
    Stage stage{plan, new_run_id()};
    begin(stage, knock(stage, new_client(stage)));
    run(stage);
    if (!stage.day.over()) {
        for (std::uint64_t n = 0; n < plan.connections; ++n)
            begin(stage, come_and_go(stage.day, new_client(stage)));
        if (plan.outages) begin(stage, outages(stage, new_client(stage)));
        asio::co_spawn(stage.io, watch(stage), asio::detached);
        run(stage);
    }
    return {stage.day.ending,
            stage.day.error,
            stage.day.seconds(),
            {stage.stopped.begin(), stage.stopped.end()},
            std::move(stage.day.tally)};
}

}  // namespace yeyak::demo
