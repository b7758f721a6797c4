// The lines of the log, byte for byte, and that nothing a client sends can forge one.
#include "kernel/edge/log.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace yeyak::log {
namespace {

constexpr Instant noon{1'798'110'000'005};  // 2026-12-24T11:00:00.005Z

class Log : public testing::Test {
  protected:
    void begin(Format format, Level level = Level::debug) {
        start({.clock = [] { return noon; },
               .level = level,
               .format = format,
               .stream = file_.get()});
    }
    std::string written() {
        std::rewind(file_.get());
        std::string text;
        for (int c = 0; (c = std::fgetc(file_.get())) != EOF;) text += static_cast<char>(c);
        return text;
    }
    void TearDown() override {
        start({.clock = [] { return noon; }});
    }

  private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    std::unique_ptr<std::FILE, Close> file_{std::tmpfile()};
};

static_assert(is_name("payment_declined2"));
static_assert(!is_name("") && !is_name("Payment") && !is_name("2nd") && !is_name("a b"));
static_assert(!is_name("a\"b") && !is_name("_a") && !is_name("a-b"));
static_assert(is_reserved("ts") && is_reserved("correlation_id") && !is_reserved("stream"));

TEST_F(Log, writes_one_json_object_a_line) {
    begin(Format::json);
    const std::string stream = "market.payment-7";
    warning("payment_declined", {{"stream", stream}, {"code", "expired"}, {"ms", 12}}, "c-1");
    info("started");
    EXPECT_EQ(written(),
              R"({"ts":"2026-12-24T11:00:00.005Z","level":"warning","event":"payment_declined",)"
              R"("correlation_id":"c-1","stream":"market.payment-7","code":"expired","ms":12})"
              "\n"
              R"({"ts":"2026-12-24T11:00:00.005Z","level":"info","event":"started"})"
              "\n");
}

TEST_F(Log, writes_every_type) {
    begin(Format::json);
    error("types", {{"yes", true},
                    {"no", false},
                    {"low", std::numeric_limits<std::int64_t>::min()},
                    {"high", std::numeric_limits<std::uint64_t>::max()},
                    {"part", 0.25},
                    {"single", 1.5F},
                    {"none", std::numeric_limits<double>::quiet_NaN()}});
    EXPECT_EQ(written(),
              R"({"ts":"2026-12-24T11:00:00.005Z","level":"error","event":"types","yes":true,)"
              R"("no":false,"low":-9223372036854775808,"high":18446744073709551615,"part":0.25,)"
              R"("single":1.5,"none":null})"
              "\n");
}

TEST_F(Log, writes_plain_lines_with_the_same_content) {
    begin(Format::plain);
    info("payment_declined", {{"stream", "market.payment-7"}, {"ms", 12}}, "c-1");
    EXPECT_EQ(written(),
              "2026-12-24T11:00:00.005Z info    payment_declined stream=\"market.payment-7\" ms=12 "
              "correlation_id=\"c-1\"\n");
}

TEST_F(Log, automatic_is_json_when_the_stream_is_no_terminal) {
    begin(Format::automatic);
    info("started");
    EXPECT_EQ(written().front(), '{');
}

TEST_F(Log, leaves_out_what_is_below_the_level) {
    begin(Format::plain, Level::warning);
    debug("a");
    info("b");
    warning("c");
    error("d");
    EXPECT_EQ(written(),
              "2026-12-24T11:00:00.005Z warning c\n2026-12-24T11:00:00.005Z error   d\n");
}

// What comes between the quotes of a field's value.
std::string value_of(const std::string& line) {
    const auto begin = line.find("\"v\":\"") + 5;
    return line.substr(begin, line.rfind('"') - begin);
}

struct Escape {
    std::string_view raw;
    std::string_view escaped;
};

class Escapes : public Log, public testing::WithParamInterface<Escape> {};

TEST_P(Escapes, in_values_and_correlation_ids) {
    begin(Format::json);
    info("e", {{"v", GetParam().raw}});
    EXPECT_EQ(value_of(written()), GetParam().escaped);
    begin(Format::plain);
    info("e", {}, GetParam().raw);
    EXPECT_NE(written().find("correlation_id=\"" + std::string(GetParam().escaped) + "\"\n"),
              std::string::npos);
}

using namespace std::string_view_literals;

INSTANTIATE_TEST_SUITE_P(
    All, Escapes,
    testing::Values(Escape{"예약 😀", "예약 😀"},                                 //
                    Escape{"a\n{\"level\":\"x\"}", R"(a\n{\"level\":\"x\"})"},    // a forged line
                    Escape{"a\r\tb\0c"sv, R"(a\u000d\u0009b\u0000c)"},            //
                    Escape{"\x1b[2J\x7f", R"(\u001b[2J\u007f)"},                  // terminal
                    Escape{"\xc2\x9b", R"(\u009b)"},                              // C1: also CSI
                    Escape{"\xe2\x80\xa8\xe2\x80\xae", R"(\u2028\u202e)"},        // line, RTL
                    Escape{"c:\\\"", R"(c:\\\")"},                                //
                    Escape{"\xff\x80 \xc3", R"(\ufffd\ufffd \ufffd)"},            // invalid
                    Escape{"\xc0\xaf", R"(\ufffd\ufffd)"},                        // overlong
                    Escape{"\xe0\x80\xaf", R"(\ufffd\ufffd\ufffd)"},              // overlong
                    Escape{"\xed\xa0\x80", R"(\ufffd\ufffd\ufffd)"},              // surrogate
                    Escape{"\xf4\x90\x80\x80", R"(\ufffd\ufffd\ufffd\ufffd)"}));  // too large

TEST_F(Log, cuts_a_long_text_between_characters) {
    begin(Format::json);
    const std::string fits(max_value_bytes, 'x');
    info("e", {{"v", fits}});
    EXPECT_EQ(value_of(written()), fits);
    begin(Format::json);
    std::string_view korean = "예";
    std::string longer(max_value_bytes - 1, 'x');
    longer += korean;
    info("f", {{"v", longer}});
    const std::string lines = written();
    EXPECT_EQ(value_of(lines.substr(lines.find('\n') + 1)),
              std::string(max_value_bytes - 1, 'x') + "...");
}

TEST_F(Log, lines_of_several_threads_do_not_mix) {
    begin(Format::plain);
    constexpr int lines_each = 200;
    std::vector<std::thread> threads;
    for (const char letter : {'a', 'b', 'c', 'd'}) {
        threads.emplace_back([letter] {
            const std::string text(300, letter);
            for (int i = 0; i < lines_each; ++i) info("e", {{"v", text}});
        });
    }
    for (std::thread& thread : threads) thread.join();

    const std::string text = written();
    int lines = 0;
    for (std::size_t at = 0; at < text.size(); ++lines) {
        const std::size_t end = text.find('\n', at);
        const std::string line = text.substr(at, end - at);
        EXPECT_EQ(line, "2026-12-24T11:00:00.005Z info    e v=\"" +
                            std::string(300, line[line.size() - 2]) + "\"");
        at = end + 1;
    }
    EXPECT_EQ(lines, 4 * lines_each);
}

}  // namespace
}  // namespace yeyak::log
