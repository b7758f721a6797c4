// The answer to a command that changed one stream: the row that a view shows of it, with its links
// and its place in the log.
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
    response.body = hal_row(base_of(request), mount, resource, id, *row);
    if (status != 200)
        response.headers.add("Location", fmt::format("{}{}/{}/{}", base_of(request), mount.prefix,
                                                     resource.path, id));
    finish(response, reply);
    return response;
}

}  // namespace yeyak::api
