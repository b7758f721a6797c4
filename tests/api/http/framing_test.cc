// The parser must make the same of the same bytes, however they are cut.
#include "api/http/framing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

#include "tests/api/http/framing_cases.h"

namespace yeyak::http {
namespace {

struct Outcome {
    std::string text;  // as in FramingCase
    std::size_t used = 0;
    bool operator==(const Outcome&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Outcome& o) {
    return out << o.text << " after " << o.used << " bytes";
}

using PieceSize = std::function<std::size_t()>;

// Puts the bytes in pieces, as a session would: what is left of a piece is put again.
Outcome parse(std::string_view bytes, const PieceSize& piece_size) {
    RequestParser parser{FramingLimits{}};
    Outcome outcome;
    while (outcome.used < bytes.size() && parser.state() != RequestParser::State::failed) {
        std::string_view piece = bytes.substr(outcome.used, piece_size());
        while (!piece.empty() && parser.state() != RequestParser::State::failed) {
            const std::size_t used = parser.put(piece);
            piece.remove_prefix(used);
            outcome.used += used;
            if (parser.state() != RequestParser::State::complete) continue;
            const Request request = parser.take();
            outcome.text += std::string{to_string(request.method)} + " " + request.target + " " +
                            request.body + ";";
        }
    }
    if (parser.state() == RequestParser::State::failed)
        outcome.text +=
            std::to_string(parser.error().status) + " " + std::string{parser.error().code};
    else if (!parser.idle())
        outcome.text += "waiting";
    return outcome;
}

PieceSize whole() {
    return [] { return std::string_view::npos; };
}

class Framing : public ::testing::TestWithParam<testing::FramingCase> {};

TEST_P(Framing, whole) { EXPECT_EQ(parse(GetParam().bytes, whole()).text, GetParam().outcome); }

TEST_P(Framing, byte_by_byte) {
    const auto one = [] { return std::size_t{1}; };
    EXPECT_EQ(parse(GetParam().bytes, one), parse(GetParam().bytes, whole()));
}

TEST_P(Framing, in_random_pieces) {
    for (unsigned seed = 0; seed < 20; ++seed) {
        std::mt19937 random{seed};
        const auto some = [&] { return 1 + random() % 40; };
        EXPECT_EQ(parse(GetParam().bytes, some), parse(GetParam().bytes, whole())) << seed;
    }
}

std::string case_name(const ::testing::TestParamInfo<testing::FramingCase>& info) {
    std::string name = std::to_string(info.index) + "_";
    for (const char c : info.param.name) {
        const bool plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        name += plain ? c : '_';
    }
    return name;
}

INSTANTIATE_TEST_SUITE_P(Cases, Framing, ::testing::ValuesIn(testing::framing_cases()), case_name);

TEST(FramingCorpus, is_large_enough) { EXPECT_GE(testing::framing_cases().size(), 150U); }

Request read(std::string_view bytes) {
    RequestParser parser{FramingLimits{}};
    EXPECT_EQ(parser.put(bytes), bytes.size());
    EXPECT_EQ(parser.state(), RequestParser::State::complete) << parser.error().code;
    return parser.take();
}

TEST(RequestParser, reads_fields_path_and_query) {
    const Request request = read(
        "GET /streams/a%2Fb/%EC%98%88?x=1&y=a%26b+c&x=2&flag&=empty&& HTTP/1.1\r\n"
        "Host: h\r\nX-One:  first \r\nx-one: second\r\n\r\n");
    EXPECT_EQ(request.method, Method::get);
    EXPECT_EQ(request.raw_path(), "/streams/a%2Fb/%EC%98%88");
    EXPECT_EQ(request.path, "/streams/a/b/\xEC\x98\x88");
    EXPECT_EQ(request.query.find("x"), "1");
    EXPECT_EQ(request.query.all("x").size(), 2U);
    EXPECT_EQ(request.query["y"], "a&b c");
    EXPECT_EQ(request.query.find("flag"), "");
    EXPECT_EQ(request.query.find(""), "empty");
    EXPECT_FALSE(request.query.contains("X"));
    EXPECT_EQ(request.headers.size(), 3U);
    EXPECT_EQ(request.header("X-ONE"), "first");
    EXPECT_EQ(request.headers.all("x-One").back(), "second");
}

TEST(RequestParser, knows_whether_the_connection_stays) {
    const auto keep = [](const std::string& version, const std::string& field) {
        return read("GET / HTTP/" + version + "\r\nHost: h\r\n" + field + "\r\n").keep_alive;
    };
    EXPECT_TRUE(keep("1.1", ""));
    EXPECT_FALSE(keep("1.1", "Connection: close\r\n"));
    EXPECT_FALSE(keep("1.1", "Connection: x, CLOSE\r\n"));
    EXPECT_FALSE(keep("1.1", "Connection: keep-alive\r\nConnection: close\r\n"));
    EXPECT_FALSE(keep("1.0", ""));
    EXPECT_TRUE(keep("1.0", "Connection: Keep-Alive\r\n"));
    EXPECT_FALSE(keep("1.0", "Connection: keep-alive, close\r\n"));
}

TEST(RequestParser, awaits_continue_until_the_body_begins) {
    RequestParser parser{FramingLimits{}};
    parser.put("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_TRUE(parser.awaits_continue());
    parser.put("a");
    EXPECT_FALSE(parser.awaits_continue());
    parser.put("b");
    EXPECT_EQ(parser.take().body, "ab");
    parser.put("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n");
    EXPECT_FALSE(parser.awaits_continue());
}

TEST(RequestParser, honours_other_limits) {
    FramingLimits limits;
    limits.head_bytes = 40;
    limits.body_bytes = 4;
    RequestParser small{limits};
    small.put("POST / HTTP/1.0\r\nContent-Length: 4\r\n\r\nabcd");
    EXPECT_EQ(small.take().body, "abcd");
    small.put("POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\nabcde");
    EXPECT_EQ(small.error().status, 413);
    RequestParser narrow{limits};
    EXPECT_EQ(narrow.put("POST / HTTP/1.0\r\nContent-Length: 1\r\nX: y\r\n\r\n"), 40U);
    EXPECT_EQ(narrow.error().status, 431);
}

TEST(RequestParser, takes_nothing_more_after_a_failure) {
    RequestParser parser{FramingLimits{}};
    parser.put("GET /# HTTP/1.1\r\n");
    ASSERT_EQ(parser.state(), RequestParser::State::failed);
    EXPECT_EQ(parser.put("GET / HTTP/1.1\r\nHost: h\r\n\r\n"), 0U);
}

}  // namespace
}  // namespace yeyak::http
