#include "api/http/head.h"
#include "kernel/percent.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>
#include <utility>

namespace yeyak::http {
namespace {

namespace beast_http = boost::beast::http;
using boost::optional;
using boost::beast::string_view;
using boost::system::error_code;

// Beast's parser, put on the head alone: what it finds goes straight into our Request. The body
// callbacks stay empty, because no byte of a body is ever shown to it.
class HeadReader : public beast_http::basic_parser<true> {
  public:
    explicit HeadReader(Request& request) : request_(request) {
        header_limit(UINT32_MAX);  // the gate has its own limits
        body_limit(boost::none);
    }

    std::size_t fields() const { return fields_; }

  private:
    static std::string_view view(string_view text) { return {text.data(), text.size()}; }

    void on_request_impl(beast_http::verb, string_view method, string_view target, int,
                         error_code& ec) override {
        const auto known = ::yeyak::http::parse_method(view(method));
        if (!known || !read_target(view(target), request_)) {
            ec = beast_http::error::bad_target;
            return;
        }
        request_.method = *known;
    }
    void on_field_impl(beast_http::field, string_view name, string_view value,
                       error_code&) override {
        ++fields_;
        request_.headers.add(view(name), view(value));
    }
    void on_response_impl(int, string_view, int, error_code&) override {}
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(string_view body, error_code&) override { return body.size(); }
    void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override {
        return body.size();
    }
    void on_finish_impl(error_code&) override {}

    Request& request_;
    std::size_t fields_ = 0;
};

bool read_query(std::string_view text, Parameters& query) {
    while (!text.empty()) {
        const std::size_t end = text.find('&');
        const std::string_view part = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        if (part.empty()) continue;
        const std::size_t equals = part.find('=');
        auto name = query_decode(part.substr(0, equals));
        auto value = equals == std::string_view::npos ? std::optional<std::string>{""}
                                                      : query_decode(part.substr(equals + 1));
        if (!name || !value) return false;
        query.add(std::move(*name), std::move(*value));
    }
    return true;
}

}  // namespace

bool read_target(std::string_view target, Request& request) {
    request.target = target;
    const std::size_t question = target.find('?');
    auto path = percent_decode(target.substr(0, question));
    if (!path) return false;
    request.path = std::move(*path);
    if (question == std::string_view::npos) return true;
    return read_query(target.substr(question + 1), request.query);
}

bool read_head(std::string_view head, std::size_t fields, Request& request) {
    HeadReader reader{request};
    error_code ec;
    const std::size_t used = reader.put(boost::asio::buffer(head.data(), head.size()), ec);
    if (ec == beast_http::error::need_more) ec = {};
    return !ec && reader.is_header_done() && used == head.size() && reader.fields() == fields;
}

}  // namespace yeyak::http
