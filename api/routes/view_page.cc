#include "api/routes/view_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/access/own_keys.h"
#include "api/routes/as_of.h"
#include "api/routes/common.h"
#include "api/routes/query.h"
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

const projections::View& view_of(const server::Reads& reads, const ViewResource& resource) {
    const auto* view = projections::find_view(reads.platform().views, resource.view);
    ensure(view != nullptr, "a view that is listed is registered");
    return *view;
}

Position lag_of(const server::ViewAt& at) { return at.head - std::min(at.head, at.position); }

// Which moment the request wants to see: that of asOf, or as fresh as it says.
struct Moment {
    std::optional<projections::AsOfPoint> past;
    server::Wanted wanted;
};

Moment moment_asked(QueryReader& query) {
    Moment moment;
    moment.past = as_of_asked(query);
    if (const auto least = query.number({"minPosition", 0, INT64_MAX}))
        moment.wanted.least = static_cast<Position>(*least);
    moment.wanted.eventual = query.word("consistency", {"fresh", "eventual"}) == "eventual";
    return moment;
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
                                                               const Moment& moment) {
    if (const auto context = reads.stopped(resource.view))
        co_return std::unexpected(context_down(*context));
    if (moment.past) {
        auto past = co_await view_as_of(reads, resource.view, *moment.past);
        co_return past;
    }
    const auto& wanted = moment.wanted;
    auto at = co_await reads.fresh(resource.view, wanted);
    if (wanted.least && !at.reached)
        co_return std::unexpected(not_reached(resource, *wanted.least, at));
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

void read_sort(QueryReader& given, const ViewResource& resource, ListQuery& query) {
    const auto sort = given.text("sort");
    if (!sort) return;
    const auto comma = sort->find(',');
    const auto field = sort->substr(0, comma);
    const auto way = comma == std::string_view::npos ? "asc" : sort->substr(comma + 1);
    const auto& known = resource.sortable;
    if (std::ranges::find(known, field) == known.end() || (way != "asc" && way != "desc"))
        return given.refuse(
            "sort", fmt::format("is one of {}, with ,asc or ,desc", fmt::join(known, ", ")));
    query.sort = field;
    query.descending = way == "desc";
}

// Why no row can be found by a value, whatever rows there are: 17 is a user, "kim" never is.
std::optional<std::string> refuse_value(const ViewResource& resource, const projections::View& view,
                                        const std::string& field, std::string_view value) {
    if (const auto* words = words_of(resource, field);
        words != nullptr && std::ranges::find(*words, value) == words->end())
        return fmt::format("is one of \"{}\"", fmt::join(*words, "\", \""));
    if (const auto why = view.refuse_value(field, value))
        return fmt::format("finds no row: it {}", *why);
    return std::nullopt;
}

ListQuery read_query(QueryReader& given, const ViewResource& resource,
                     const projections::View& view) {
    ListQuery query;
    query.hides_cancelled = resource.hides_cancelled;
    query.indexed = resource.indexed;
    query.page = static_cast<std::uint64_t>(given.number({"page", 0, max_page}).value_or(0));
    query.size = static_cast<std::uint64_t>(given.number({"size", 1, 1000}).value_or(20));
    query.include_cancelled = given.word("includeCancelled", {"true", "false"}) == "true";
    read_sort(given, resource, query);
    for (const auto& field : resource.filters) {
        const auto value = given.text(field);
        if (!value) continue;
        query.filters.emplace_back(field, *value);
        if (auto why = refuse_value(resource, view, field, *value))
            given.refuse(field, *std::move(why));
    }
    given.refuse_repeated();
    return query;
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
    const auto& view = view_of(reads, resource);
    QueryReader given{request, known_parameters(resource)};
    auto query = read_query(given, resource, view);
    const auto moment = moment_asked(given);
    if (auto refused = given.refused()) co_return *std::move(refused);
    for (auto& filter : fixed) query.filters.push_back(std::move(filter));
    look_behind_seals(reads, resource, query);
    query.is_there = rows_for(reads, request, view, resource.about);
    const auto fresh = co_await view_wanted(reads, resource, moment);
    if (!fresh) co_return fresh.error();
    if (query.is_there && resource.about == nullptr) {
        auto keys = co_await own_keys(reads, *request.caller, view, fresh->position);
        if (!keys) co_return problem_of(keys.error());
        query.keys = *std::move(keys);
    }
    ListReading reading{*fresh->rows, *fresh->build, query};
    std::optional<ListReading::Done> done;
    while (true) {
        done = reading.step();
        if (done) break;
        if (request.gone()) co_return http::nobody_waits();
        if (!request.hold(reading.bytes())) co_return no_room();
        co_await request.let_others_go();
    }
    const auto& page = *done;
    if (!page) co_return problem_of(page.error());
    auto response =
        resource.plain ? plain_page(*page) : hal(hal_page(request, mount, resource, query, *page));
    add_freshness(response, request, *fresh);
    co_return response;
}

namespace {

// The key of the row that is meant: numbers sort as numbers. Nothing when no row has such a key.
std::optional<std::string> key_of(const ViewResource& resource, std::string_view id) {
    if (resource.key == ViewResource::Key::text) return std::string{id};
    const auto number = parse_number(id, {"id", INT64_MIN, INT64_MAX});
    if (!number) return std::nullopt;
    return projections::number_key(*number);
}

awaitable<Response> get_row(server::Reads& reads, const Mount& mount, const ViewResource& resource,
                            Request& request) {
    const std::string id{request.parameter("id")};
    const auto key = key_of(resource, id);
    if (!key) co_return problem(404, "not_found", "ids here are numbers", "id");
    std::vector<std::string> known{"minPosition", "consistency", "asOf"};
    if (resource.hides_cancelled) known.push_back("includeCancelled");
    QueryReader query{request, std::move(known)};
    const auto moment = moment_asked(query);
    const bool shows_all = query.word("includeCancelled", {"true", "false"}) == "true";
    if (auto refused = query.refused()) co_return *std::move(refused);
    const auto fresh = co_await view_wanted(reads, resource, moment);
    if (!fresh) co_return fresh.error();
    auto found = fresh->rows->find(*fresh->build, *key);
    if (const auto is_there = rows_for(reads, request, view_of(reads, resource), resource.about);
        found && *found && is_there) {
        const auto his = is_there((*found)->row.json);
        if (!his) co_return problem_of(his.error());
        if (!*his) found->reset();
    }
    if (!found) co_return problem_of(found.error());
    const bool hidden = *found && (*found)->list == projections::List::cancelled &&
                        resource.hides_cancelled && !shows_all &&
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
    const auto href =
        fmt::format("{}{}/{}/{}", base, mount.prefix, resource.path, percent_encode(id));
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
