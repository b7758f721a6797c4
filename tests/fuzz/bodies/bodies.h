// The bodies that clients can send to the systems: each system tells of its own in NAME.cc.
#pragma once
#include <functional>
#include <string_view>
#include <vector>

#include "api/routes/body.h"
#include "kernel/ensure.h"
#include "kernel/json.h"
#include "server/config/config.h"

namespace yeyak::fuzz {

// A body is taken, or refused with a reason for each of its fields.
template <class T>
void read_as(const api::Body<T>& body, std::string_view text) {
    http::Request request;
    request.body = text;
    const auto read = body.read(request, server::LimitsConfig{});
    if (read) return;
    const auto& answer = read.error();
    ensure(answer.status == 400 || answer.status == 422, "a body that does not fit is refused");
    ensure(check_json(answer.body, true).has_value(), "a refusal is JSON");
}

using Reader = std::function<void(std::string_view text)>;
std::vector<Reader>& readers();

// Static: known before the first input comes.
struct Bodies {
    template <class... T>
    explicit Bodies(const api::Body<T>&... body) {
        (readers().push_back([&body](std::string_view text) { read_as(body, text); }), ...);
    }
};

}  // namespace yeyak::fuzz
