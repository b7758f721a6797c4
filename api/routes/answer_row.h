// The answer to a command that changed one stream: the row that a view shows of it, with its links
// and its place in the log. V is the view, Contract the source of it that owns the stream.
#pragma once
#include <fmt/format.h>

#include "api/routes/row_at.h"
#include "api/routes/view_page.h"

namespace yeyak::api {

// As row_at(). With a status other than 200 (201, 202) it says where the row is.
template <class V, class Contract>
http::Response answer_row(const server::Reads& reads, const http::Request& request,
                          const Mount& mount, const ViewResource& resource, const Reply& reply,
                          int status = 200) {
    const auto row = row_at<V, Contract>(reads, reply);
    if (!row) return problem_of(row.error());
    const auto id = reply.stream.substr(Contract::category.size() + 1);
    http::Response response;
    response.status = status;
    response.content_type = "application/hal+json";
    response.body = hal_row(request.base, mount, resource, id, *row);
    if (status != 200)
        response.headers.add(
            "Location", fmt::format("{}{}/{}/{}", request.base, mount.prefix, resource.path, id));
    finish(response, reply);
    return response;
}

// Gives the command, waits for an event for which `is_end` holds (empty: not at all), and
// answers with the row as it stands then. `stream` is as run_command() has it.
template <class V, class Contract>
boost::asio::awaitable<http::Response> answer_command(const Server& at, const Mount& mount,
                                                      const ViewResource& resource,
                                                      const http::Request& request,
                                                      const CommandRoute& route, std::string actor,
                                                      Command command, int status = 200,
                                                      IsEnd is_end = {}, std::string stream = {}) {
    auto done =
        co_await run_command_until(at.commands, request, route, std::move(actor),
                                   std::move(command), std::move(is_end), std::move(stream));
    if (!done) co_return std::move(done).error();
    auto reply = done->reply;
    if (!done->history.empty()) {
        reply.position = done->history.back()->position;
        reply.version = done->history.back()->version;
    }
    co_return answer_row<V, Contract>(at.reads, request, mount, resource, reply, status);
}

}  // namespace yeyak::api
