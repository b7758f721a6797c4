// The command line: exit codes, what is printed, and completion in a real shell.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>

#include "eventstore/rocks_store.h"
#include "kernel/json.h"
#include "projections/runner/view_store.h"
#include "replay-tools/cli/cli.h"
#include "replay-tools/exit_code.h"
#include "tests/replay-tools/folder_test.h"
#include "tests/replay-tools/raw_writer.h"
#include "tests/replay-tools/run_yeyak.h"

namespace yeyak::tools::testing {
namespace {

class CliTest : public FolderTest {};

TEST_F(CliTest, help_says_how_to_use_it_and_how_it_ends) {
    for (const auto& path : std::vector<std::vector<std::string>>{{},
                                                                  {"replay"},
                                                                  {"audit"},
                                                                  {"audit", "verify"},
                                                                  {"audit", "trail"},
                                                                  {"auth"},
                                                                  {"auth", "init"},
                                                                  {"auth", "token"},
                                                                  {"auth", "revoke"},
                                                                  {"completion"},
                                                                  {"replay", "rollback"},
                                                                  {"replay", "status"},
                                                                  {"replay", "parked"},
                                                                  {"replay", "retry"},
                                                                  {"replay", "skip"},
                                                                  {"replay", "explain"},
                                                                  {"replay", "schema-check"}}) {
        auto arguments = path;
        arguments.push_back("--help");
        const auto ran = yeyak(arguments);
        EXPECT_EQ(ran.code, 0);
        EXPECT_TRUE(has(ran.out, "Examples:")) << ran.out;
        EXPECT_TRUE(has(ran.out, "Exit codes:")) << ran.out;
    }
    EXPECT_EQ(yeyak({"--version"}).out, "yeyak 1.2.3\n");
}

TEST_F(CliTest, wrong_usage) {
    EXPECT_EQ(yeyak({}).code, 2);
    EXPECT_EQ(yeyak({"replay"}).code, 2);
    EXPECT_EQ(yeyak({"fly"}).code, 2);
    EXPECT_EQ(yeyak({"replay", "--data", data(), "--view", "nothing"}).code, 2);
    EXPECT_EQ(yeyak({"audit", "trail", "--user", "1"}).code, 2);
    EXPECT_EQ(yeyak({"audit", "trail", "--data", data(), "--user", "1"}).code, 2);
    EXPECT_EQ(yeyak({"audit", "trail", "--data", data(), "--from", "yesterday"}).code, 2);
}

// Whatever records who acts: a name that may not be recorded is refused before anything is opened.
TEST_F(CliTest, who_acts_has_one_option_and_one_default) {
    for (const auto& command : std::vector<std::vector<std::string>>{{"audit", "trail"},
                                                                     {"audit", "erase"},
                                                                     {"audit", "export"},
                                                                     {"audit", "accept-keys"},
                                                                     {"auth", "revoke"},
                                                                     {"replay"},
                                                                     {"replay", "rollback"},
                                                                     {"replay", "retry"},
                                                                     {"replay", "skip"},
                                                                     {"replay", "pause"},
                                                                     {"replay", "resume"},
                                                                     {"replay", "cancel"},
                                                                     {"backup"}}) {
        const auto with = [&](std::vector<std::string> more) {
            more.insert(more.begin(), command.begin(), command.end());
            return yeyak(more);
        };
        const auto help = with({"--help"}).out;
        EXPECT_TRUE(has(help, "--actor NAME")) << help;
        EXPECT_TRUE(has(help, "Who acts, for the record (default the account)")) << help;
        for (const auto* wrong : {"a b", "", "System", "850101-1234567", "a\xff"}) {
            const auto refused = with({"--actor", wrong});
            EXPECT_EQ(refused.code, 2) << wrong;
            EXPECT_TRUE(has(refused.err, "--actor")) << refused.err;
        }
    }
}

TEST_F(CliTest, data_that_is_not_there) {
    for (const auto& ran : {yeyak({"replay", "--data", "/nowhere", "--view", "all", "--yes"}),
                            yeyak({"audit", "verify", "--data", "/nowhere"}),
                            yeyak({"audit", "trail", "--data", "/nowhere", "--order", "a-1"})}) {
        EXPECT_EQ(ran.code, 3);
        EXPECT_TRUE(has(ran.err, "/nowhere")) << ran.err;
    }
}

TEST_F(CliTest, replay_beside_a_server) {
    const auto views = projections::ViewStore::open(data() / "views", false);
    ASSERT_TRUE(views.has_value());
    const auto refused = yeyak({"replay", "--data", data(), "--view", "all", "--yes"});
    EXPECT_EQ(refused.code, 4);
    EXPECT_TRUE(has(refused.err, "yeyak serve")) << refused.err;
    EXPECT_EQ(yeyak({"replay", "--data", data(), "--view", "all", "--dry-run"}).code, 0);
    EXPECT_EQ(yeyak({"audit", "verify", "--data", data(), "--work-dir", work()}).code, 0);
}

TEST_F(CliTest, replay_answers_one_object) {
    const auto ran = yeyak({"replay", "--data", data(), "--view", "payments", "--yes", "--json"});
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_TRUE(ran.out.starts_with("{\"view\":\"payments\",\"events\":")) << ran.out;
    EXPECT_TRUE(has(ran.out, ",\"rows\":270,\"generation\":2,\"views\":[{")) << ran.out;
    EXPECT_TRUE(has(ran.out, "\"switched\":true,\"parked\":0,")) << ran.out;
    EXPECT_TRUE(check_json(ran.out, true).has_value());
    const auto all = yeyak({"replay", "--data", data(), "--view", "all", "--yes", "--json"});
    EXPECT_TRUE(check_json(all.out, true).has_value()) << all.out;
}

TEST_F(CliTest, rollback_at_rest_goes_back_and_is_recorded) {
    const std::vector<std::string> back{"replay", "rollback", "--data",  data(),
                                        "--view", "payments", "--actor", "ann"};
    const auto nothing = yeyak(back);
    EXPECT_EQ(nothing.code, 1);
    EXPECT_TRUE(has(nothing.err, "no earlier build of payments is kept")) << nothing.err;
    EXPECT_EQ(yeyak({"replay", "--data", data(), "--view", "payments", "--yes"}).code, 0);
    const auto done = yeyak(back);
    EXPECT_EQ(done.code, 0) << done.err;
    EXPECT_TRUE(has(done.out, "readers see generation 1 again")) << done.out;
    eventstore::RocksOptions options;
    options.data_dir = data();
    options.read_only = true;
    const auto log = eventstore::RocksStore::open(options);
    ASSERT_TRUE(log.has_value());
    eventstore::StreamQuery query;
    query.stream = "operations.journal-views";
    const auto page = (*log)->read_stream(query);
    ASSERT_EQ(page->events.size(), 2U);
    EXPECT_TRUE(has(page->events[0]->data.payload, "\"how\":\"rebuilt\""));
    EXPECT_TRUE(has(page->events[1]->data.payload, "\"how\":\"rolled_back\""));
    EXPECT_EQ(page->events[1]->data.actor, "ann");
}

TEST_F(CliTest, what_is_parked_at_rest_is_shown_retried_and_skipped) {
    const std::vector<std::string> place{"--data", data(), "--view", "payments"};
    const auto of = [&](std::string what, std::vector<std::string> more) {
        std::vector<std::string> all{"replay", std::move(what)};
        all.insert(all.end(), place.begin(), place.end());
        all.insert(all.end(), more.begin(), more.end());
        return yeyak(all);
    };
    EXPECT_TRUE(has(of("parked", {}).out, "nothing is parked"));
    EXPECT_EQ(of("retry", {}).code, 0);
    const auto refused = of("skip", {"--position", "3", "--reason", "test"});
    EXPECT_EQ(refused.code, 1);
    EXPECT_TRUE(has(refused.err, "not the first parked event")) << refused.err;
    EXPECT_TRUE(check_json(of("parked", {"--json"}).out, true).has_value());
    EXPECT_EQ(yeyak({"replay", "parked", "--view", "payments"}).code, 2);
    EXPECT_EQ(yeyak({"replay", "pause", "--view", "all"}).code, 2);
    EXPECT_EQ(yeyak({"replay", "pause", "--view", "all", "--server", "http://127.0.0.1:1"}).code,
              5);
}

TEST_F(CliTest, verify_names_the_check_and_the_record) {
    const auto whole = yeyak({"audit", "verify", "--data", data(), "--work-dir", work()});
    EXPECT_EQ(whole.code, 0) << whole.out;
    EXPECT_TRUE(has(whole.out, "The data is whole"));
    RawWriter::log(data()).remove(RawWriter::events, eventstore::event_key(60));
    const auto damaged = yeyak({"audit", "verify", "--data", data(), "--work-dir", work()});
    EXPECT_EQ(damaged.code, 1);
    EXPECT_TRUE(has(damaged.out, "FAILED  gapless positions")) << damaged.out;
    EXPECT_TRUE(has(damaged.out, "event 60: found nothing")) << damaged.out;
    const auto json = yeyak({"audit", "verify", "--data", data(), "--work-dir", work(), "--json"});
    EXPECT_EQ(json.code, 1);
    EXPECT_TRUE(check_json(json.out, true).has_value()) << json.out;
    EXPECT_TRUE(has(json.out, R"("name":"gapless positions","ok":false)")) << json.out;
}

TEST_F(CliTest, dry_run_ends_with_one_when_there_is_a_difference) {
    {
        auto views = RawWriter::views(data());
        views.remove(0, views.keys(0, std::string{"rpayments"} + '\0').at(0));
    }
    const auto ran = yeyak({"replay", "--data", data(), "--view", "payments", "--dry-run"});
    EXPECT_EQ(ran.code, 1);
    EXPECT_TRUE(has(ran.out, "rows: 1 added, 0 removed, 0 changed")) << ran.out;
    const auto json = yeyak({"replay", "--data", data(), "--view", "all", "--dry-run", "--json"});
    EXPECT_EQ(json.code, 1);
    EXPECT_TRUE(check_json(json.out, true).has_value()) << json.out;
}

// --- the trail -----------------------------------------------------------------------------------

// Only what is told to the terminal is different from one reading to the next.
TEST_F(CliTest, reading_the_trail_is_recorded) {
    const std::vector<std::string> about_one{"audit",    "trail", "--data",   data(),
                                             "--user",   "5",     "--reason", "dispute 4711",
                                             "--format", "csv",   "--actor",  "clerk:김민수"};
    const auto first = yeyak(about_one);
    EXPECT_EQ(first.code, 0) << first.err;
    EXPECT_TRUE(has(first.out, "prereservation.checkout-4@1")) << first.out;
    EXPECT_FALSE(has(first.out, "trail_read")) << first.out;
    const auto again = yeyak(about_one);
    EXPECT_TRUE(has(again.out, "operations.trail_read.v1")) << "who read about a person is shown";
    const auto readings = yeyak({"audit", "trail", "--data", data(), "--type", "operations.*"});
    EXPECT_EQ(readings.code, 0) << readings.err;
    for (const auto* part :
         {"trail read", "by clerk:김민수", "reason dispute 4711", "filter=person=5"})
        EXPECT_TRUE(has(readings.out, part)) << part << '\n' << readings.out;
}

TEST_F(CliTest, the_trail_is_not_read_past_a_server) {
    eventstore::RocksOptions options;
    options.data_dir = data();
    const auto server = eventstore::RocksStore::open(options);
    ASSERT_TRUE(server.has_value());
    const auto ran = yeyak({"audit", "trail", "--data", data(), "--order", "payment.payment-1"});
    EXPECT_EQ(ran.code, 4);
    EXPECT_EQ(ran.out, "");
    EXPECT_TRUE(has(ran.err, "--server")) << ran.err;
}

TEST_F(CliTest, a_trail_of_nothing) {
    const auto none = yeyak({"audit", "trail", "--data", data(), "--by", "nobody-else"});
    EXPECT_EQ(none.code, 0);
    EXPECT_EQ(none.out, "no events\n");
    const auto unknown = yeyak({"audit", "trail", "--data", data(), "--order", "shop.order-9"});
    EXPECT_EQ(unknown.code, 1);
    EXPECT_TRUE(has(unknown.err, "no stream shop.order-9")) << unknown.err;
    const auto nobody =
        yeyak({"audit", "trail", "--server", "http://127.0.0.1:1", "--order", "payment.payment-1"});
    EXPECT_EQ(nobody.code, 5);
}

// --- completion ----------------------------------------------------------------------------------

// What bash would offer for a line whose last word is being typed.
std::string completed(const std::filesystem::path& folder, const std::string& line) {
    std::ofstream{folder / "yeyak.bash"} << yeyak({"completion", "bash"}).out;
    std::ofstream{folder / "ask.bash"} << fmt::format(
        "set -eu\nsource '{}'\nCOMP_WORDS=({})\nCOMP_CWORD=$((${{#COMP_WORDS[@]}}-1))\n"
        "_yeyak\nprintf '%s\\n' \"${{COMPREPLY[@]:-}}\"\n",
        (folder / "yeyak.bash").string(), line);
    std::string out;
    FILE* const bash =
        popen(fmt::format("bash '{}' 2>&1", (folder / "ask.bash").string()).c_str(), "r");
    char buffer[4096];
    while (const auto size = std::fread(buffer, 1, sizeof buffer, bash)) out.append(buffer, size);
    pclose(bash);
    return out;
}

TEST_F(CliTest, bash_completes_commands_options_and_values) {
    EXPECT_EQ(completed(work(), "yeyak re"), "replay\n");
    EXPECT_EQ(completed(work(), "yeyak audit verif"), "verify\n");
    EXPECT_EQ(completed(work(), "yeyak audit verify --q"), "--quick\n");
    EXPECT_EQ(completed(work(), "yeyak audit trail --us"), "--user\n");
    EXPECT_EQ(completed(work(), "yeyak audit trail --user 1 --format js"), "json\n");
    EXPECT_EQ(completed(work(), "yeyak replay --view pay"), "payments\n");
    EXPECT_EQ(completed(work(), "yeyak completion z"), "zsh\n");
    const auto folder = data().string();
    EXPECT_EQ(completed(work(), "yeyak replay --data " + folder + "/vie"), folder + "/views\n");
}

TEST_F(CliTest, other_shells_have_scripts_too) {
    EXPECT_TRUE(yeyak({"completion", "zsh"}).out.starts_with("#compdef yeyak\n"));
    EXPECT_TRUE(has(yeyak({"completion", "fish"}).out, "-l dry-run"));
    EXPECT_EQ(yeyak({"completion", "tcsh"}).code, 2);
}

TEST(Run, an_exception_is_a_message_and_not_a_crash) {
    ::testing::internal::CaptureStderr();
    const char* const argv[] = {"yeyak", "fail"};
    const AddCommand failing = [](CLI::App& app, Action& action) {
        app.add_subcommand("fail", "")->callback([&action] {
            action = []() -> int { throw std::runtime_error{"out of luck"}; };
        });
    };
    EXPECT_EQ(run(2, argv, {failing}, "1"), 70);
    EXPECT_TRUE(has(::testing::internal::GetCapturedStderr(), "out of luck"));
}

}  // namespace
}  // namespace yeyak::tools::testing
