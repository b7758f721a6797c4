// Answers in gzip: who gets them, what they hold, and what they are called.
#include "api/http/compression.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "api/http/entity_tag.h"
#include "tests/api/http/test_server.h"

namespace yeyak::http {
namespace {

using namespace testing;

std::string unpacked(std::string_view packed) {
    z_stream stream{};
    EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
    std::string copy{packed};
    stream.next_in = reinterpret_cast<Bytef*>(copy.data());
    stream.avail_in = static_cast<uInt>(copy.size());
    std::string out;
    std::array<Bytef, 4096> buffer;
    int done = Z_OK;
    while (done == Z_OK) {
        stream.next_out = buffer.data();
        stream.avail_out = buffer.size();
        done = inflate(&stream, Z_NO_FLUSH);
        out.append(reinterpret_cast<const char*>(buffer.data()), buffer.size() - stream.avail_out);
    }
    EXPECT_EQ(done, Z_STREAM_END);
    EXPECT_EQ(stream.avail_in, 0U);
    inflateEnd(&stream);
    return out;
}

TEST(Gzip, comes_back_as_it_was_in_steps) {
    std::string text;
    for (int i = 0; i < 40'000; ++i) text += "row " + std::to_string(i * 7919 % 10'007) + ", ";
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{32 * 1024},
                                   std::size_t{32 * 1024 + 1}, text.size()}) {
        const auto part = std::string_view{text}.substr(0, size);
        Gzip gzip{part};
        int steps = 1;
        while (!gzip.step()) ++steps;
        EXPECT_EQ(unpacked(gzip.take()), part);
        EXPECT_GE(steps, static_cast<int>(size / (32 * 1024)));
    }
}

TEST(Gzip, of_what_cannot_shrink_stays_within_its_memory) {
    std::string noise;
    std::uint32_t state = 1;
    for (int i = 0; i < 300'000; ++i) {
        state = state * 1'664'525 + 1'013'904'223;
        noise += static_cast<char>(state >> 24);
    }
    Gzip gzip{noise};
    while (!gzip.step()) {
    }
    EXPECT_LT(gzip.take().size(), Gzip::memory_for(noise.size()));
}

TEST(AcceptEncoding, weighs_gzip_against_the_answer_as_it_is) {
    const auto takes = [](const char* said) {
        return takes_gzip(Headers{{"Accept-Encoding", said}});
    };
    for (const auto* yes : {"gzip", "GZIP", "gzip, deflate, br", "br;q=1, gzip;q=0.1", "*",
                            "identity;q=0.5, gzip;q=0.5", "identity;q=0, *;q=0.1"})
        EXPECT_TRUE(takes(yes)) << yes;
    for (const auto* no : {"", "br", "gzip;q=0", "*;q=0", "gzip;q=0, *", "identity",
                           "identity;q=1, gzip;q=0.5", "identity, *;q=0.5"})
        EXPECT_FALSE(takes(no)) << no;
    EXPECT_FALSE(takes_gzip({}));
}

const std::string long_text(least_compressed, 'x');

Response answer_of(std::string body) {
    Response response = json(200, std::move(body));
    response.headers.add("ETag", "\"7-ab\"");
    return response;
}

TEST(Compression, is_for_texts_that_repeat_nothing_of_the_request) {
    Request request;
    EXPECT_TRUE(is_compressible(request, answer_of(long_text)));
    EXPECT_FALSE(is_compressible(request, answer_of(long_text.substr(1))));
    request.query.add("userId", "7");
    EXPECT_FALSE(is_compressible(request, answer_of(long_text))) << "BREACH";
    request.query = {};
    auto picture = answer_of(long_text);
    picture.content_type = "application/octet-stream";
    EXPECT_FALSE(is_compressible(request, picture));
    EXPECT_FALSE(is_compressible(
        request, event_stream([](StreamWriter&) -> boost::asio::awaitable<void> { co_return; })));
    EXPECT_FALSE(is_compressible(request, text(404, long_text)));
    request.method = Method::post;
    EXPECT_FALSE(is_compressible(request, answer_of(long_text)));
}

TEST(Compression, has_a_tag_of_its_own_that_is_known_again) {
    auto response = answer_of("{}");
    put_compressed(response, "packed");
    EXPECT_EQ(response.headers.find("Content-Encoding"), "gzip");
    EXPECT_EQ(response.headers.find("ETag"), "\"7-ab-gzip\"");
    for (const auto* known : {"\"7-ab-gzip\"", "\"7-ab\"", "W/\"7-ab-gzip\""}) {
        Request request;
        request.headers.add("If-None-Match", known);
        auto again = answer_of("{}");
        make_conditional(request, again);
        EXPECT_EQ(again.status, 304) << known;
        const std::string_view tag{known};
        EXPECT_EQ(again.headers.find("ETag"), tag.substr(tag.find('"')))
            << "the one of which the client has the body";
    }
}

std::string field_of(std::string_view answer, std::string_view name) {
    const auto at = answer.find(std::string{name} + ": ");
    if (at == std::string_view::npos) return "";
    const auto begin = at + name.size() + 2;
    return std::string{answer.substr(begin, answer.find("\r\n", at) - begin)};
}

TEST(Compression, is_for_long_answers_to_who_asks) {
    TestServer server;
    Client client{server.port()};
    client.send(get("/large", "Accept-Encoding: gzip\r\n"));
    const auto packed = client.answer();
    EXPECT_EQ(field_of(packed, "Content-Encoding"), "gzip");
    EXPECT_EQ(field_of(packed, "Vary"), "Accept-Encoding");
    EXPECT_LT(body_of(packed).size(), 100'000U);
    EXPECT_EQ(unpacked(body_of(packed)), std::string(8 * 1024 * 1024, 'x'));
    for (const auto& asked : {get("/large?x=1", "Accept-Encoding: gzip\r\n"), get("/large"),
                              get("/hello", "Accept-Encoding: gzip\r\n")}) {
        client.send(asked);
        EXPECT_EQ(field_of(client.answer(), "Content-Encoding"), "") << asked;
    }
}

TEST(Compression, leaves_alone_what_is_for_this_reader_only) {
    ServerOptions options;
    options.last_pass = [](const Request&, std::string_view, std::string&) { return true; };
    TestServer server{options};
    Client client{server.port()};
    client.send(get("/large", "Accept-Encoding: gzip\r\n"));
    EXPECT_EQ(field_of(client.answer(), "Content-Encoding"), "");
}

}  // namespace
}  // namespace yeyak::http
