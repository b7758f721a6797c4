#include "api/routes/view_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "api/routes/as_of.h"
#include "api/routes/common.h"
#include "api/routes/view_list.h"
#include "kernel/ensure.h"
#include "kernel/percent.h"
#include "privacy/sealer.h"
#include "projections/runner/projector.h"
#include "projections/runner/row_fields.h"
#include "server/platform.h"

namespace yeyak::api {
namespace {

using boost::asio::awaitable;
using http::problem;
using http::Request;
using http::Response;

Position lag_of(const server::ViewAt& at) { return at.head - std::min(at.head, at.position); }

// What the request wants; a problem when it does not say so.
std::expected<server::Wanted, Response> wanted_by(const Request& request) {
    const NumberParameter parameter{"minPosition", 0, INT64_MAX};
    const auto least = number_of(request.query.find("minPosition"), parameter);
    if (!least) return std::unexpected(least.error());
    const auto consistency = request.query["consistency"];
    if (!consistency.empty() && consistency != "eventual" && consistency != "fresh")
        return std::unexpected(problem(
            400, "bad_parameter", "consistency is fresh (the default) or eventual", "consistency"));
    server::Wanted wanted;
    if (*least) wanted.least = static_cast<Position>(**least);
    wanted.eventual = consistency == "eventual";
    return wanted;
}

Response not_reached(const ViewResource& resource, Position least, const server::ViewAt& at) {
    if (least > at.head)
        return problem(409, "beyond_the_log",
                       fmt::format("the log itself ends at {}; no command was answered with {}",
                                   at.head, least),
                       "minPosition");
    http::Problem behind;
    behind.status = 409;
    behind.code = "view_behind";
    behind.detail = fmt::format("{} is at position {}, not yet at {}; try again", resource.view,
                                at.position, least);
    behind.field = "minPosition";
    behind.extra = {{"position", std::to_string(at.position)}, {"lag", std::to_string(lag_of(at))}};
    auto response = http::problem(behind);
    response.headers.add("Retry-After", "1");
    return response;
}

// The view as the request wants it, now or as of the moment that it names.
awaitable<std::expected<server::ViewAt, Response>> view_wanted(server::Reads& reads,
                                                               const ViewResource& resource,
                                                               const Request& request) {
    if (const auto context = reads.stopped(resource.view))
        co_return std::unexpected(context_down(*context));
    if (request.query.find("asOf")) {
        auto past = co_await view_as_of(reads, resource.view, request);
        co_return past;
    }
    const auto wanted = wanted_by(request);
    if (!wanted) co_return std::unexpected(wanted.error());
    auto at = co_await reads.fresh(resource.view, *wanted);
    if (wanted->least && !at.reached)
        co_return std::unexpected(not_reached(resource, *wanted->least, at));
    co_return at;
}

void add_freshness(Response& response, const Request& request, const server::ViewAt& at) {
    response.headers.add("Yeyak-Position", std::to_string(at.position));
    if (request.query.find("asOf")) return;  // what is past has no lag
    response.headers.add("Yeyak-Lag", std::to_string(lag_of(at)));
}

Response hal(std::string body) {
    Response response;
    response.content_type = "application/hal+json";
    response.body = std::move(body);
    return response;
}

std::expected<ListQuery, Response> read_query(const Request& request,
                                              const ViewResource& resource) {
    ListQuery query;
    query.hides_cancelled = resource.hides_cancelled;
    query.indexed = resource.indexed;
    const auto page = number_of(request.query.find("page"), {"page", 0, max_page});
    if (!page) return std::unexpected(page.error());
    const auto size = number_of(request.query.find("size"), {"size", 1, 1000});
    if (!size) return std::unexpected(size.error());
    query.page = static_cast<std::uint64_t>(page->value_or(0));
    query.size = static_cast<std::uint64_t>(size->value_or(20));
    const auto cancelled = request.query["includeCancelled"];
    if (!cancelled.empty() && cancelled != "true" && cancelled != "false")
        return std::unexpected(
            problem(400, "bad_parameter", "includeCancelled is true or false", "includeCancelled"));
    query.include_cancelled = cancelled == "true";
    if (const auto sort = request.query.find("sort")) {
        const auto comma = sort->find(',');
        query.sort = sort->substr(0, comma);
        const auto way = comma == std::string_view::npos ? "asc" : sort->substr(comma + 1);
        query.descending = way == "desc";
        const bool known =
            std::ranges::find(resource.sortable, query.sort) != resource.sortable.end();
        if (!known || (way != "asc" && way != "desc"))
            return std::unexpected(problem(400, "bad_parameter",
                                           fmt::format("sort is one of {}, with ,asc or ,desc",
                                                       fmt::join(resource.sortable, ", ")),
                                           "sort"));
    }
    for (const auto& field : resource.filters)
        if (const auto value = request.query.find(field)) query.filters.emplace_back(field, *value);
    return query;
}

// A problem when something is said twice, of which only one could count, or when a filter can match
// nothing, whatever rows there are: 17 is a user, "kim" never is.
std::optional<Response> refuse_filters(const Request& request, const projections::View& view,
                                       const ListQuery& query) {
    std::set<std::string_view> said;
    for (const auto& parameter : request.query)
        if (!said.insert(parameter.name).second)
            return problem(400, "bad_parameter",
                           fmt::format("{} is there more than once", parameter.name),
                           parameter.name);
    for (const auto& [field, value] : query.filters)
        if (const auto why = view.refuse_value(field, value))
            return problem(400, "bad_parameter",
                           fmt::format("no row can be found by this {}: it {}", field, *why),
                           field);
    return std::nullopt;
}

Response no_room() {
    auto response = problem(503, "memory_full",
                            "the list is long, and the server holds as much for its clients as it "
                            "may; try again, or filter the list");
    response.headers.add("Retry-After", "5");
    return response;
}

// Sealed fields are compared and sorted by what they say; an index holds them as they are kept.
void look_behind_seals(const server::Reads& reads, const ViewResource& resource, ListQuery& query) {
    query.reveal = [&reads](std::string_view text) { return reads.reveal(text); };
    for (const auto& sealed : resource.sealed)
        for (auto& [field, value] : query.filters) {
            if (field != sealed.field) continue;
            value = sealed.normal(value);
            if (const auto seal = reads.known_sealer(sealed.handle(value)))
                query.sealed[field] = seal->as_kept(sealed.purpose, value);
        }
}

std::vector<std::string> known_parameters(const ViewResource& resource) {
    std::vector<std::string> known{"page", "size", "sort", "minPosition", "consistency", "asOf"};
    if (resource.hides_cancelled) known.push_back("includeCancelled");
    known.insert(known.end(), resource.filters.begin(), resource.filters.end());
    return known;
}

std::string page_link(const Request& request, std::uint64_t page) {
    std::string query;
    for (const auto& parameter : request.query)
        if (parameter.name != "page")
            query += fmt::format("{}={}&", parameter.name, percent_encode(parameter.value));
    return fmt::format("{{\"href\":\"{}{}?{}page={}\"}}", request.base, request.raw_path(), query,
                       page);
}

std::string hal_page(const Request& request, const Mount& mount, const ViewResource& resource,
                     const ListQuery& query, const ListPage& page) {
    const auto base = request.base;
    std::string body = fmt::format("{{\"_embedded\":{{\"{}\":[", resource.path);
    for (const auto& row : page.rows) {
        if (body.back() != '[') body += ',';
        body += hal_row(base, mount, resource,
                        projections::text_of(projections::field_of(row, "id")), row);
    }
    const auto pages = (page.total + query.size - 1) / query.size;
    body += fmt::format("]}},\"_links\":{{\"self\":{}", page_link(request, query.page));
    if (pages > 1) body += fmt::format(",\"first\":{}", page_link(request, 0));
    if (query.page > 0) body += fmt::format(",\"prev\":{}", page_link(request, query.page - 1));
    if (query.page + 1 < pages)
        body += fmt::format(",\"next\":{}", page_link(request, query.page + 1));
    if (pages > 1) body += fmt::format(",\"last\":{}", page_link(request, pages - 1));
    body += fmt::format(
        "}},\"page\":{{\"size\":{},\"totalElements\":{},\"totalPages\":{},\"number\":{}}}}}",
        query.size, page.total, pages, query.page);
    return body;
}

Response plain_page(const ListPage& page) {
    auto response = http::json(200, fmt::format("[{}]", fmt::join(page.rows, ",")));
    response.headers.add("X-Total-Count", std::to_string(page.total));
    return response;
}

}  // namespace

awaitable<Response> answer_list(server::Reads& reads, Mount mount, const ViewResource& resource,
                                Request& request, Filters fixed) {
    if (auto unknown = refuse_unknown_parameters(request, known_parameters(resource)))
        co_return *std::move(unknown);
    auto query = read_query(request, resource);
    if (!query) co_return query.error();
    const auto* view = projections::find_view(reads.platform().views, resource.view);
    ensure(view != nullptr, "a view that is listed is registered");
    if (auto refused = refuse_filters(request, *view, *query)) co_return *std::move(refused);
    for (auto& filter : fixed) query->filters.push_back(std::move(filter));
    look_behind_seals(reads, resource, *query);
    const auto fresh = co_await view_wanted(reads, resource, request);
    if (!fresh) co_return fresh.error();
    ListReading reading{*fresh->rows, *fresh->build, *query};
    std::optional<ListReading::Done> done;
    while (true) {
        done = reading.step();
        if (done) break;
        if (!request.hold(reading.bytes())) co_return no_room();
        co_await request.let_others_go();
    }
    const auto& page = *done;
    if (!page) co_return problem_of(page.error());
    auto response =
        resource.plain ? plain_page(*page) : hal(hal_page(request, mount, resource, *query, *page));
    add_freshness(response, request, *fresh);
    co_return response;
}

namespace {

// The key of the row that is meant: numbers sort as numbers. Nothing when no row has such a key.
std::optional<std::string> key_of(const ViewResource& resource, std::string_view id) {
    if (resource.key == ViewResource::Key::text) return std::string{id};
    const auto number = number_of(id, {"id", INT64_MIN, INT64_MAX});
    if (!number) return std::nullopt;
    return projections::number_key(**number);
}

awaitable<Response> get_row(server::Reads& reads, const Mount& mount, const ViewResource& resource,
                            Request& request) {
    const std::string id{request.parameter("id")};
    const auto key = key_of(resource, id);
    if (!key) co_return problem(404, "not_found", "ids here are numbers", "id");
    std::vector<std::string> known{"minPosition", "consistency", "asOf"};
    if (resource.hides_cancelled) known.push_back("includeCancelled");
    if (auto unknown = refuse_unknown_parameters(request, known)) co_return *std::move(unknown);
    const auto fresh = co_await view_wanted(reads, resource, request);
    if (!fresh) co_return fresh.error();
    const auto found = fresh->rows->find(*fresh->build, *key);
    if (!found) co_return problem_of(found.error());
    const bool hidden = *found && (*found)->list == projections::List::cancelled &&
                        resource.hides_cancelled && request.query["includeCancelled"] != "true" &&
                        !(resource.shown_by_id && resource.shown_by_id((*found)->row.json));
    if (!*found || hidden) {
        const auto detail = hidden ? fmt::format(
                                         "{} {} has been cancelled; includeCancelled=true "
                                         "shows it",
                                         resource.item, id)
                                   : fmt::format("there is no {} {}", resource.item, id);
        auto response = problem(404, "not_found", detail, "id");
        add_freshness(response, request, *fresh);
        co_return response;
    }
    const auto& row = (*found)->row.json;
    // A row that is behind its stream says so: a command that names this ETag meets a newer one.
    auto response = resource.plain ? http::json(200, row)
                                   : hal(hal_row(request.base, mount, resource, id, row));
    response.revision = fmt::format("{}", fmt::join((*found)->row.seen, "."));
    add_freshness(response, request, *fresh);
    co_return response;
}

}  // namespace

std::string hal_row(std::string_view base, const Mount& mount, const ViewResource& resource,
                    std::string_view id, std::string_view row) {
    const auto href = fmt::format("{}{}/{}/{}", base, mount.prefix, resource.path, id);
    row.remove_suffix(1);
    return fmt::format(
        "{},\"_links\":{{\"self\":{{\"href\":\"{}\"}},\"{}\":{{\"href\":\"{}\"}}}}}}", row, href,
        resource.item, href);
}

void add_view_routes(http::Router& router, server::Reads& reads, const Mount& mount,
                     const ViewResource& resource, std::string_view tag) {
    const auto pattern = mount.prefix + "/" + resource.path;
    router.add({http::Method::get, pattern,
                [&reads, mount, resource](Request& request) {
                    return answer_list(reads, mount, resource, request, {});
                },
                list_doc(reads, resource, tag)});
    router.add({http::Method::get, pattern + "/{id}",
                [&reads, mount, resource](Request& request) {
                    return get_row(reads, mount, resource, request);
                },
                row_doc(reads, resource, tag)});
}

}  // namespace yeyak::api
