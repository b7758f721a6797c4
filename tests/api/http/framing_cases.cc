#include "tests/api/http/framing_cases.h"

#include <string_view>

namespace yeyak::http::testing {
namespace {

using Cases = std::vector<FramingCase>;
using namespace std::string_literals;

// Comes after a request that must be refused: it must never be seen as a request of its own.
const std::string hidden = "GET /hidden HTTP/1.1\r\nHost: h\r\n\r\n";

std::string line(const std::string& request_line) { return request_line + "\r\nHost: h\r\n\r\n"; }
std::string target(const std::string& text) { return line("GET " + text + " HTTP/1.1"); }
std::string fields(const std::string& text) {
    return "GET / HTTP/1.1\r\nHost: h\r\n" + text + "\r\n\r\n" + hidden;
}
std::string post(const std::string& framing, const std::string& body) {
    return "POST /p HTTP/1.1\r\nHost: h\r\n" + framing + "\r\n\r\n" + body;
}
std::string chunks(const std::string& body) { return post("Transfer-Encoding: chunked", body); }
std::string many_fields(int count) {
    std::string text = "GET / HTTP/1.1\r\nHost: h\r\n";
    for (int i = 1; i < count; ++i) text += "f" + std::to_string(i) + ": v\r\n";
    return text + "\r\n";
}
// A request whose head is exactly so long.
std::string head_of(std::size_t size) {
    const std::string before = "GET / HTTP/1.1\r\nHost: h\r\nlong: ";
    return before + std::string(size - before.size() - 4, 'x') + "\r\n\r\n";
}

void add_request_lines(Cases& cases) {
    const auto add = [&](std::string name, std::string text, std::string outcome) {
        cases.push_back({std::move(name), std::move(text), std::move(outcome)});
    };
    add("plain GET", line("GET / HTTP/1.1"), "GET / ;");
    add("HTTP/1.0 without Host", "GET /a HTTP/1.0\r\n\r\n", "GET /a ;");
    add("HEAD", line("HEAD /x HTTP/1.1"), "HEAD /x ;");
    add("OPTIONS of everything", line("OPTIONS * HTTP/1.1"), "OPTIONS * ;");
    add("star with GET", line("GET * HTTP/1.1"), "400 bad_target");
    add("DELETE without a body", line("DELETE /x HTTP/1.1"), "DELETE /x ;");
    add("PATCH", line("PATCH /x HTTP/1.1"), "PATCH /x ;");
    add("one blank line before", "\r\n" + line("GET / HTTP/1.1"), "GET / ;");
    add("two blank lines before", "\r\n\r\n" + line("GET / HTTP/1.1"), "400 bad_request_line");
    add("only a blank line", "\r\n", "");
    add("lower-case method", line("get / HTTP/1.1"), "501 method_not_implemented");
    add("unknown method", line("BREW /pot HTTP/1.1"), "501 method_not_implemented");
    add("CONNECT", line("CONNECT h:443 HTTP/1.1"), "501 method_not_implemented");
    add("TRACE", line("TRACE / HTTP/1.1"), "501 method_not_implemented");
    add("method with a bad character", line("GE(T / HTTP/1.1"), "400 bad_method");
    add("leading space", " GET / HTTP/1.1\r\nHost: h\r\n\r\n", "400 bad_request_line");
    add("two spaces before the target", line("GET  / HTTP/1.1"), "400 bad_target");
    add("two spaces after the target", line("GET /  HTTP/1.1"), "400 bad_target");
    add("tab between", line("GET\t/ HTTP/1.1"), "400 bad_request_line");
    add("trailing space", line("GET / HTTP/1.1 "), "400 bad_request_line");
    add("HTTP/0.9", "GET /\r\n\r\n", "400 bad_request_line");
    add("HTTP/2.0 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505 version_not_supported");
    add("HTTP/1.2", line("GET / HTTP/1.2"), "505 version_not_supported");
    add("HTTP/0.9 named", line("GET / HTTP/0.9"), "505 version_not_supported");
    add("version in lower case", line("GET / http/1.1"), "400 bad_request_line");
    add("version with two digits", line("GET / HTTP/1.10"), "400 bad_request_line");
    add("version without a dot", line("GET / HTTP/11"), "400 bad_request_line");
    add("bare LF after the request line", "GET / HTTP/1.1\nHost: h\r\n\r\n", "400 bare_newline");
    add("bare LF throughout", "GET / HTTP/1.1\nHost: h\n\n", "400 bare_newline");
    add("CR inside the request line", line("GET /\r HTTP/1.1"), "400 bad_target");
    add("TLS instead", "\x16\x03\x01\x02\x00\x01"s, "400 bad_request_line");
    add("NUL first", "\0GET / HTTP/1.1\r\n"s, "400 bad_request_line");
    add("half a request line", "GET / HT", "waiting");
    add("half a head", "GET / HTTP/1.1\r\nHost: h\r\n", "waiting");
    add("CRLF CR only", "GET / HTTP/1.1\r\nHost: h\r\n\r", "waiting");
}

void add_targets(Cases& cases) {
    const auto add = [&](std::string text, std::string outcome) {
        cases.push_back({"target " + text, target(text), std::move(outcome)});
    };
    add("/a/b?c=d&e=%20f", "GET /a/b?c=d&e=%20f ;");
    add("/-._~!$&'()*+,;=:@", "GET /-._~!$&'()*+,;=:@ ;");
    add("/a%2Fb", "GET /a%2Fb ;");
    add("/?a?b/c", "GET /?a?b/c ;");
    add("//double", "GET //double ;");
    add("/../etc", "GET /../etc ;");
    add("http://h/", "400 absolute_target");
    add("https://h/x", "400 absolute_target");
    add("h/x", "400 bad_target");
    add("?x", "400 bad_target");
    for (const char* odd : {"#", "\"", "<b>", "\\", "^", "{b}", "|", "[b]", "`", "\x80",
                            "\xEC\x98\x88", "\x7F", "\x01"})
        add("/a"s + odd, "400 bad_target");
    add("/a\0b"s, "400 bad_target");
    add("/%", "400 bad_escape");
    add("/%4", "400 bad_escape");
    add("/%4g", "400 bad_escape");
    add("/%-1", "400 bad_escape");
    add("/?q=%zz", "400 bad_escape");
    add("/a%00b", "400 encoded_nul");
    add("/?q=%00", "400 encoded_nul");
}

void add_fields(Cases& cases) {
    const auto add = [&](std::string name, std::string text, std::string outcome) {
        cases.push_back({std::move(name), fields(text), std::move(outcome)});
    };
    const std::string both = "GET / ;GET /hidden ;";
    add("no blanks around a value", "a:b", both);
    add("blanks and tabs around a value", "a: \t b \t", both);
    add("empty value", "a:", both);
    add("bytes above ASCII in a value", "a: \xEC\x98\x88", both);
    add("colons in a value", "a: b:c:d", both);
    add("odd but legal name", "!#$%&'*+-.^_`|~9: v", both);
    add("folded with a space", "a: b\r\n c", "400 folded_field");
    add("folded with a tab", "a: b\r\n\tc", "400 folded_field");
    add("space before the colon", "a : b", "400 bad_field_name");
    add("tab before the colon", "a\t: b", "400 bad_field_name");
    add("no colon", "abc", "400 bad_field");
    add("no name", ": b", "400 bad_field_name");
    add("bracket in a name", "a(b): c", "400 bad_field_name");
    add("byte above ASCII in a name", "a\x80: c", "400 bad_field_name");
    add("NUL in a name", "a\0: c"s, "400 bad_field_name");
    add("NUL in a value", "a: b\0c"s, "400 bad_field_value");
    add("CR in a value", "a: b\rc", "400 bad_field_value");
    add("CR CR LF", "a: b\r", "400 bad_field_value");
    add("escape in a value", "a: \x1B[31m", "400 bad_field_value");
    add("DEL in a value", "a: \x7F", "400 bad_field_value");
    add("bare LF after a field", "a: b\nc: d", "400 bare_newline");
    add("CR alone as a name", "\r: x", "400 bad_field_name");
    add("two Hosts", "Host: h", "400 several_hosts");
    add("two Hosts, other case", "hOST: other", "400 several_hosts");
    add("expectation that is not known", "Expect: 200-ok", "417 unknown_expectation");
    add("expectation in other case", "expect: 100-CONTINUE", both);
    add("Connection that is no list of words", "Connection: close x", "400 bad_connection");
    add("Proxy-Connection that is no list of words", "Proxy-Connection: ?", "400 bad_connection");
    add("Proxy-Connection", "Proxy-Connection: close", both);
    add("Connection with empty parts", "Connection: , x ,,\t", both);
    add("upgrade is ignored", "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings", both);

    const auto raw = [&](std::string name, std::string text, std::string outcome) {
        cases.push_back({std::move(name), std::move(text), std::move(outcome)});
    };
    raw("no Host on 1.1", "GET / HTTP/1.1\r\n\r\n", "400 missing_host");
    raw("empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET / ;");
    raw("Host with a port", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "GET / ;");
    raw("Host with a path", "GET / HTTP/1.1\r\nHost: h/x\r\n\r\n", "400 bad_host");
    raw("Host with a user", "GET / HTTP/1.1\r\nHost: u@h\r\n\r\n", "400 bad_host");
    raw("Host with a blank", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "400 bad_host");
    raw("two Hosts on 1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", "400 several_hosts");
    raw("space before Host", "GET / HTTP/1.1\r\n Host: h\r\n\r\n", "400 folded_field");
    raw("64 fields", many_fields(64), "GET / ;");
    raw("65 fields", many_fields(65), "431 too_many_fields");
    raw("a head of 8192 bytes", head_of(8192), "GET / ;");
    raw("a head of 8193 bytes", head_of(8193), "431 head_too_large");
    raw("an endless request line", "GET /" + std::string(20'000, 'a'), "431 head_too_large");
    raw("an endless field", "GET / HTTP/1.1\r\na: " + std::string(20'000, 'a'),
        "431 head_too_large");
    raw("an endless field after a good request", hidden + head_of(9000),
        "GET /hidden ;431 head_too_large");
}

void add_lengths(Cases& cases) {
    const auto add = [&](std::string name, std::string framing, std::string body,
                         std::string outcome) {
        cases.push_back({std::move(name), post(framing, body), std::move(outcome)});
    };
    add("a body", "Content-Length: 5", "hello", "POST /p hello;");
    add("an empty body", "Content-Length: 0", "", "POST /p ;");
    add("no length", "X: y", "", "POST /p ;");
    add("zeros before a length", "Content-Length: 0003", "abc", "POST /p abc;");
    add("a body that holds a request", "Content-Length: " + std::to_string(hidden.size()), hidden,
        "POST /p " + hidden + ";");
    add("pipelined after a body", "Content-Length: 3", "abc" + hidden, "POST /p abc;GET /hidden ;");
    add("half a body", "Content-Length: 5", "hel", "waiting");
    add("several lengths, differing", "Content-Length: 3\r\nContent-Length: 40", "abc" + hidden,
        "400 several_lengths");
    add("several lengths, alike", "Content-Length: 3\r\nContent-Length: 3", "abc",
        "400 several_lengths");
    add("several lengths, other case", "Content-Length: 3\r\ncontent-length: 4", "abc",
        "400 several_lengths");
    for (const char* length : {"3, 3", "3,4", "+3", "-3", "0x3", "3 3", "3.0", "3e0", "", "abc",
                               "3;", "\"3\"", "0b11", "\xEF\xBC\x93"})
        add("length "s + length, "Content-Length: "s + length, "abc" + hidden, "400 bad_length");
    for (const char* length : {"18446744073709551615", "18446744073709551619",
                               "4294967296000000000000000003", "9223372036854775808"})
        add("length "s + length, "Content-Length: "s + length, "abc" + hidden, "400 bad_length");
    add("length above the limit", "Content-Length: 1048577", "abc", "413 body_too_large");
    add("length of 2^32 + 3", "Content-Length: 4294967299", "abc", "413 body_too_large");
    add("space before the colon of a length", "Content-Length : 3", "abc", "400 bad_field_name");
}

void add_codings(Cases& cases) {
    const auto add = [&](std::string name, std::string framing, std::string outcome) {
        const std::string body = "0\r\n\r\n" + hidden;
        cases.push_back({std::move(name), post(framing, body), std::move(outcome)});
    };
    add("chunked", "Transfer-Encoding: chunked", "POST /p ;GET /hidden ;");
    add("chunked in other case", "transfer-encoding: CHUNKED", "POST /p ;GET /hidden ;");
    add("chunked between blanks", "Transfer-Encoding: \t chunked \t", "POST /p ;GET /hidden ;");
    for (const char* coding :
         {"xchunked", "chunked, identity", "identity", "gzip, chunked", "chunkedx", "gzip",
          "chunked-not", "cow", "identity, chunked", "chunked, gzip", "x, chunked"})
        add("coding "s + coding, "Transfer-Encoding: "s + coding, "501 coding_not_implemented");
    for (const char* coding : {"chunked, chunked", "\"chunked\"", "", ",chunked", "chunked,",
                               "chunked;q=1", "chunked chunked", "[chunked]", "chunked\xA0",
                               "\x80"
                               "chunked",
                               "'chunked' x"})
        add("coding "s + coding, "Transfer-Encoding: "s + coding, "400 bad_transfer_encoding");
    add("coding with a vertical tab", "Transfer-Encoding:\vchunked", "400 bad_field_value");
    add("coding with a NUL", "Transfer-Encoding: chunked\0"s, "400 bad_field_value");
    add("coding folded", "Transfer-Encoding:\r\n chunked", "400 bad_transfer_encoding");
    add("space before the colon of a coding", "Transfer-Encoding : chunked", "400 bad_field_name");
    add("two codings", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "400 several_transfer_encodings");
    add("two codings, one foreign", "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow",
        "400 several_transfer_encodings");
    add("length, then coding", "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "400 two_framings");
    add("coding, then length", "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "400 two_framings");
    add("length 0 and coding", "Content-Length: 0\r\nTransfer-Encoding: chunked",
        "400 two_framings");
    cases.push_back({"coding on 1.0",
                     "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
                     "400 transfer_encoding_on_1_0"});
}

void add_chunks(Cases& cases) {
    const auto add = [&](std::string name, std::string body, std::string outcome) {
        cases.push_back({std::move(name), chunks(body), std::move(outcome)});
    };
    add("two chunks", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", "POST /p abcde;");
    add("chunk size in hex", "A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n",
        "POST /p 01234567890123456789;");
    add("zeros before a size", "0003\r\nabc\r\n000\r\n\r\n", "POST /p abc;");
    add("extension", "3;a=b\r\nabc\r\n0;c=\"d\"\r\n\r\n" + hidden, "POST /p abc;GET /hidden ;");
    add("chunk that holds CRLF", "4\r\n\r\n\r\n\r\n0\r\n\r\n", "POST /p \r\n\r\n;");
    add("chunk line of 64 bytes", "3;" + std::string(60, 'x') + "\r\nabc\r\n0\r\n\r\n",
        "POST /p abc;");
    add("chunk line of 65 bytes", "3;" + std::string(61, 'x') + "\r\nabc\r\n0\r\n\r\n",
        "400 chunk_line_too_long");
    add("extension of 20 KB", "3;" + std::string(20'000, 'x') + "\r\nabc\r\n0\r\n\r\n",
        "400 chunk_line_too_long");
    add("blank in an extension", "3; a=b\r\nabc\r\n0\r\n\r\n", "400 bad_chunk");
    add("CR in an extension", "3;a\rb\r\nabc\r\n0\r\n\r\n", "400 bad_chunk");
    add("bare LF in an extension", "3;a\nabc\r\n0\r\n\r\n", "400 bare_newline");
    add("bare LF after a size", "3\nabc\r\n0\r\n\r\n", "400 bare_newline");
    add("bare LF after a chunk", "3\r\nabc\n0\r\n\r\n", "400 bad_chunk");
    add("bare CR after a chunk", "3\r\nabc\r0\r\n\r\n", "400 bad_chunk");
    add("chunk longer than its size", "3\r\nabcd\r\n0\r\n\r\n", "400 bad_chunk");
    add("bare LF at the end", "0\r\n\n" + hidden, "400 trailers_refused");
    add("CR without LF at the end", "0\r\n\rX" + hidden, "400 bad_chunk");
    for (const char* size : {"0x3", "+3", "-3", " 3", "3 ", "", "g", "3h", "3\t", "1_0", ";a"})
        add("chunk size '"s + size + "'", size + "\r\nabc\r\n0\r\n\r\n"s, "400 bad_chunk");
    add("chunk size of 2^64 + 3", "10000000000000003\r\nabc\r\n0\r\n\r\n", "400 bad_chunk");
    add("chunk size of 2^64 - 1", "ffffffffffffffff\r\nabc\r\n0\r\n\r\n", "413 body_too_large");
    add("chunk above the limit", "100001\r\nabc", "413 body_too_large");
    add("chunks above the limit together", "3\r\nabc\r\nffffe\r\n", "413 body_too_large");
    add("trailer", "0\r\nX: y\r\n\r\n", "400 trailers_refused");
    add("trailer that frames", "0\r\nContent-Length: 3\r\n\r\nabc", "400 trailers_refused");
    add("half a chunk", "5\r\nhel", "waiting");
    add("half a chunk line", "5", "waiting");
    add("no last line", "0\r\n", "waiting");
}

void add_pipelines(Cases& cases) {
    cases.push_back({"three in a row",
                     line("GET /1 HTTP/1.1") + line("HEAD /2 HTTP/1.1") + line("GET /3 HTTP/1.1"),
                     "GET /1 ;HEAD /2 ;GET /3 ;"});
    cases.push_back({"mixed bodies",
                     chunks("3\r\nabc\r\n0\r\n\r\n") + post("Content-Length: 2", "de") + hidden,
                     "POST /p abc;POST /p de;GET /hidden ;"});
    cases.push_back({"good, then bad", hidden + line("GET /# HTTP/1.1") + hidden,
                     "GET /hidden ;400 bad_target"});
    cases.push_back({"a blank line after a body", post("Content-Length: 2", "de\r\n") + hidden,
                     "POST /p de;GET /hidden ;"});
    cases.push_back({"rubbish after a body", post("Content-Length: 2", "de") + "\x01" + hidden,
                     "POST /p de;400 bad_request_line"});
    cases.push_back({"length too short", post("Content-Length: 2", "de{") + hidden,
                     "POST /p de;400 bad_request_line"});
}

}  // namespace

std::vector<FramingCase> framing_cases() {
    Cases cases;
    add_request_lines(cases);
    add_targets(cases);
    add_fields(cases);
    add_lengths(cases);
    add_codings(cases);
    add_chunks(cases);
    add_pipelines(cases);
    return cases;
}

}  // namespace yeyak::http::testing
