#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "demo/day.h"
#include "demo/demo.h"
#include "demo/report.h"
#include "replay-tools/cli/values.h"
#include "replay-tools/exit_code.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::demo {
namespace {

using tools::ExitCode;
using tools::to_int;

struct Asked {
    std::string system = "all";
    std::string server = "http://127.0.0.1:8080";
    double minutes = 0;
    std::uint64_t requests = 0;
    bool json = false;
    Plan plan;
};

Plan plan_of(const Asked& asked, Scripts scripts) {
    Plan plan = asked.plan;
    plan.system = asked.system;
    for (const auto* script : scripts)
        if (asked.system == "all" || asked.system == script->system) plan.scripts.push_back(script);
    if (asked.requests > 0) plan.requests = asked.requests;
    if (asked.minutes > 0)
        plan.time = std::chrono::milliseconds{static_cast<std::int64_t>(asked.minutes * 60'000)};
    return plan;
}

void tell_no_server(const Plan& plan, const Outcome& outcome) {
    fmt::print(stderr,
               "yeyak: no server answers at {}: {}\n"
               "Is it running? Start one with: yeyak serve --data ./data --port {}\n"
               "Another address is given with --server URL.\n",
               plan.server.url(), outcome.error, plan.server.port);
}

void tell_still_stopped(const Plan& plan, const Outcome& outcome) {
    for (const auto& context : outcome.still_stopped)
        fmt::print(stderr,
                   "yeyak: the context {0} could not be started again. Do it yourself:\n"
                   "    curl -X PUT {1}/actuator/contexts/{0} --json '{{\"state\":\"up\"}}'\n",
                   context, plan.server.url());
}

int do_demo(const Asked& asked, Scripts scripts) {
    Plan plan = plan_of(asked, scripts);
    auto server = parse_address(asked.server);
    if (!server) {
        fmt::print(stderr, "yeyak: --server: {}\n", server.error());
        return to_int(ExitCode::usage);
    }
    plan.server = *std::move(server);
    const auto outcome = play(plan);
    if (outcome.tally.requests > 0 || asked.json)
        fmt::print("{}\n", asked.json ? as_json(plan, outcome)
                                      : as_table(plan, outcome, tools::terminal_columns()));
    tell_still_stopped(plan, outcome);
    switch (outcome.ending) {
        case Ending::no_server:
            tell_no_server(plan, outcome);
            return to_int(ExitCode::no_server);
        case Ending::interrupted:
            return to_int(ExitCode::interrupted);
        case Ending::done:
            break;
    }
    const auto all = outcome.tally.all();
    const bool unanswered = all.answers.contains(0);
    if (unanswered)
        fmt::print(stderr, "yeyak: some requests had no answer: see the column \"none\"\n");
    const bool well =
        outcome.tally.surprises.empty() && outcome.still_stopped.empty() && !unanswered;
    return to_int(well ? ExitCode::ok : ExitCode::failed);
}

std::vector<std::string> system_names(Scripts scripts) {
    std::vector<std::string> names{"all"};
    for (const auto* script : scripts) names.emplace_back(script->system);
    return names;
}

}  // namespace

void add_demo(CLI::App& app, tools::Action& action, Scripts scripts) {
    auto asked = std::make_shared<Asked>();
    auto& plan = asked->plan;
    auto* command = app.add_subcommand(
        "demo", "Play a realistic day against a running server and measure the answers");
    command->add_option("--system", asked->system, "The system to play, or all of them")
        ->check(tools::one_of(system_names(scripts)))
        ->type_name("NAME")
        ->capture_default_str();
    command->add_option("--users", plan.users, "How many people there are")
        ->check(tools::whole_number(1, 10'000'000))
        ->capture_default_str();
    command->add_option("--server", asked->server, "Where the server is")
        ->type_name("URL")
        ->capture_default_str();
    auto* minutes = command->add_option("--minutes", asked->minutes, "Go on for so long")
                        ->check(tools::number(0.001, 10'000))
                        ->default_str("until every user came once");
    command->add_option("--requests", asked->requests, "Go on for so many requests")
        ->check(tools::whole_number(1, 2'000'000'000))
        ->excludes(minutes);
    command->add_option("--concurrency", plan.connections, "How many connections at once")
        ->check(tools::whole_number(1, 10'000))
        ->capture_default_str();
    command->add_flag("--outages", plan.outages,
                      "Stop and start contexts of the system now and then");
    command->add_option("--seed", plan.seed, "The same seed is the same script")
        ->check(tools::whole_number(0))
        ->capture_default_str();
    command->add_flag("--json", asked->json, "Print the result as one JSON object");
    command->footer(tools::footer(
        "  yeyak demo --system prereservation --users 50\n"
        "  yeyak demo --system all --users 1000 --minutes 2 --concurrency 100\n"
        "  yeyak demo --system market --users 20 --requests 5000 --outages --seed 7\n"
        "  yeyak demo --system phoneshop --users 100 --json | jq .availability\n"
        "\nRefusals (402, 409, 503) are part of a day. It fails (1) when an answer is none that a "
        "client should get, a request has no answer, or a context could not be started again.\n"));
    command->callback([&action, asked, scripts] {
        action = [asked, scripts] { return do_demo(*asked, scripts); };
    });
}

}  // namespace yeyak::demo
