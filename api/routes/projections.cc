#include "api/routes/projections.h"

#include <fmt/format.h>

#include "api/routes/body_impl.h"
#include "api/routes/common.h"
#include "api/routes/projections_json.h"
#include "api/routes/query.h"
#include "api/routes/route_docs.h"
#include "kernel/normal_number.h"
#include "server/config/config.h"
#include "server/platform.h"

namespace yeyak::api {

struct RebuildBody {
    std::optional<bool> accept_differences;
    std::optional<std::int64_t> max_rate;
};
BOOST_DESCRIBE_STRUCT(RebuildBody, (), (accept_differences, max_rate))

struct RetryBody {
    std::optional<std::string> stream;
};
BOOST_DESCRIBE_STRUCT(RetryBody, (), (stream))

struct SkipBody {
    std::int64_t position = 0;
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(SkipBody, (), (position, reason))

// What is asked for is in the path.
struct NothingBody {};
BOOST_DESCRIBE_STRUCT(NothingBody, (), ())

namespace {

using boost::asio::awaitable;
using http::Method;
using http::problem;
using http::Request;
using http::Response;
using projections::ParkedEvent;

const Body<RebuildBody> rebuild_body{
    Reading::strict,
    {field(&RebuildBody::max_rate).from(1).about("events a second")},
    {.may_be_left_out = true}};
const Body<RetryBody> retry_body{Reading::strict,
                                 {field(&RetryBody::stream).length(1, 200).about("all if missing")},
                                 {.may_be_left_out = true}};
const Body<SkipBody> skip_body{
    Reading::strict,
    {field(&SkipBody::position).from(1), field(&SkipBody::reason).length(1, 1000)}};

const Body<NothingBody> nothing_body{Reading::strict, {}, {.may_be_left_out = true}};

constexpr std::size_t parked_page = 100;

std::string describe(const Server& at, const server::ViewProgress& view) {
    return to_json_text(at.upkeep, view, at.reads.log().head());
}

Response list(const Server& at) {
    std::string text;
    for (const auto& view : at.upkeep.progress())
        text += (text.empty() ? "" : ",") + describe(at, view);
    return http::json(
        200, fmt::format("{{\"head\":{},\"projections\":[{}]}}", at.reads.log().head(), text));
}

Response no_such_view(std::string_view name) {
    return problem(404, "no_such_view",
                   fmt::format("there is no view {}; GET /projections lists them", name), "name");
}

bool is_view(const Server& at, std::string_view name) {
    return projections::find_view(at.reads.platform().views, name) != nullptr;
}

// The views that are meant: one, or every one for "all". Empty when there is none of that name.
std::vector<std::string> views_meant(const Server& at, std::string_view name) {
    if (name != "all" && !is_view(at, name)) return {};
    std::vector<std::string> names;
    for (const auto& view : at.reads.platform().views)
        if (name == "all" || name == view->name()) names.emplace_back(view->name());
    return names;
}

Response rebuilds(const Server& at, std::string_view name, int status) {
    const auto names = views_meant(at, name);
    if (names.empty()) return no_such_view(name);
    std::string text;
    for (const auto& view : names)
        if (const auto known = at.upkeep.rebuild(view))
            text += (text.empty() ? "" : ",") + to_json_text(*known);
    if (name == "all") return http::json(status, fmt::format("{{\"rebuilds\":[{}]}}", text));
    if (text.empty())
        return problem(
            404, "no_rebuild",
            fmt::format("{} is not being rebuilt, and was not since the program began", name));
    return http::json(status, text);
}

awaitable<Response> begin(const Server& at, Request& request) {
    const std::string name{request.parameter("name")};
    const auto names = views_meant(at, name);
    if (names.empty()) co_return no_such_view(name);
    const auto body = rebuild_body.read(request, at.config.limits);
    if (!body) co_return body.error();
    const auto cause = cause_of(request, std::string{nobody});
    if (!cause) co_return cause.error();
    std::vector<server::RebuildWish> wishes;
    for (const auto& view : names)
        wishes.push_back({view, body->accept_differences.value_or(false),
                          static_cast<std::uint64_t>(body->max_rate.value_or(0)), cause->actor});
    const auto begun = co_await at.upkeep.begin_rebuilds(std::move(wishes));
    if (!begun) co_return problem_of(begun.error());
    if (!*begun)
        co_return problem(409, "rebuild_under_way",
                          fmt::format("{} is being rebuilt already; DELETE cancels that", name));
    auto response = rebuilds(at, name, 202);
    response.headers.add("Location", request.base + "/projections/" + name + "/rebuild");
    co_return response;
}

enum class Change { pause, resume, cancel };

awaitable<Response> change(const Server& at, Request& request, Change what) {
    const std::string name{request.parameter("name")};
    const auto names = views_meant(at, name);
    if (names.empty()) co_return no_such_view(name);
    const auto body = nothing_body.read(request, at.config.limits);
    if (!body) co_return body.error();
    auto changed = what == Change::cancel ? at.upkeep.cancel_rebuilds(names)
                                          : at.upkeep.pause_rebuilds(names, what == Change::pause);
    const auto done = co_await std::move(changed);
    if (!done) co_return problem_of(done.error());
    if (*done) co_return rebuilds(at, name, 200);
    co_return problem(409, "nothing_to_change",
                      what == Change::cancel  ? "nothing is being rebuilt"
                      : what == Change::pause ? "nothing that can be paused is being built"
                                              : "no rebuild is paused");
}

awaitable<Response> roll_back(const Server& at, Request& request) {
    const std::string name{request.parameter("name")};
    if (!is_view(at, name)) co_return no_such_view(name);
    const auto body = nothing_body.read(request, at.config.limits);
    if (!body) co_return body.error();
    const auto cause = cause_of(request, std::string{nobody});
    if (!cause) co_return cause.error();
    const auto done = co_await at.upkeep.roll_back(name, cause->actor);
    if (!done) co_return problem_of(done.error());
    if (!*done)
        co_return problem(409, "no_previous_build",
                          fmt::format("no earlier build of {} is kept; it is kept for {} s after a "
                                      "switch (views.keep_previous_s)",
                                      name, at.config.views.keep_previous_s));
    co_return http::json(200, describe(at, at.upkeep.progress(name)));
}

// --- parked events -------------------------------------------------------------------------------

awaitable<Response> parked(const Server& at, Request& request) {
    const std::string name{request.parameter("name")};
    if (!is_view(at, name)) co_return no_such_view(name);
    QueryReader query{request, {"afterStream", "afterPosition"}};
    const auto position = query.number({"afterPosition", 0, INT64_MAX});
    if (auto refused = query.refused()) co_return *std::move(refused);
    ParkedEvent after;
    after.stream = query.text("afterStream").value_or("");
    after.position = static_cast<Position>(position.value_or(0));
    const auto found = at.upkeep.parked(name, after, parked_page);
    if (!found) co_return problem_of(found.error());
    std::string text;
    for (const auto& event : *found) text += (text.empty() ? "" : ",") + to_json_text(event);
    co_return http::json(
        200, fmt::format(R"({{"view":"{}","total":{},"parked":[{}],"end":{}}})", name,
                         at.upkeep.progress(name).parked, text, found->size() < parked_page));
}

Response after_trying(const Server& at, std::string_view name,
                      const StoreResult<std::uint64_t>& done) {
    if (!done) return problem_of(done.error());
    return http::json(200, fmt::format(R"({{"view":"{}","applied":{},"parked":{}}})", name, *done,
                                       at.upkeep.progress(name).parked));
}

awaitable<Response> retry(const Server& at, Request& request) {
    const std::string name{request.parameter("name")};
    if (!is_view(at, name)) co_return no_such_view(name);
    const auto body = retry_body.read(request, at.config.limits);
    if (!body) co_return body.error();
    const auto done = co_await at.upkeep.retry_parked(name, body->stream.value_or(""));
    co_return after_trying(at, name, done);
}

awaitable<Response> skip(const Server& at, Request& request) {
    const std::string name{request.parameter("name")};
    if (!is_view(at, name)) co_return no_such_view(name);
    const auto body = skip_body.read(request, at.config.limits);
    if (!body) co_return body.error();
    if (mentions_registration_number(body->reason)) co_return personal_number("reason");
    auto cause = cause_of(request, std::string{nobody});
    if (!cause) co_return cause.error();
    const auto event = at.upkeep.first_parked(name, static_cast<Position>(body->position));
    if (!event) co_return problem_of(event.error());
    if (!*event)
        co_return problem(409, "not_parked",
                          fmt::format("event {} is not the first parked event of a stream in {}; "
                                      "GET /projections/{}/parked shows those with their reason",
                                      body->position, name, name),
                          "position");
    // First the record, which every later rebuild reads; then what follows from it.
    operations::EventSkipped fact{name, body->position, body->reason};
    const auto recorded = co_await at.commands.record(*std::move(cause), std::move(fact));
    if (!recorded) co_return problem_of(recorded.error());
    const auto done = co_await at.upkeep.skip_parked(name, **event);
    auto response = after_trying(at, name, done);
    add_position(response, recorded->position, recorded->version);
    co_return response;
}

}  // namespace

namespace {

std::string list_schema() {
    return schema::object({{"head", schema::number}, {"projections", schema::list(view_schema())}});
}

// Of one view, or of "all".
std::string rebuilds_schema() {
    return schema::any_of(
        {rebuild_schema(), schema::object({{"rebuilds", schema::list(rebuild_schema())}})});
}

std::string tried_schema() {
    return schema::object(
        {{"view", schema::text}, {"applied", schema::number}, {"parked", schema::number}});
}

http::RouteDoc begin_doc(http::BodySchema body_schema) {
    auto made = projection_doc("Rebuild a view, or all, beside its readers", rebuilds_schema(),
                               std::move(body_schema));
    made.parameters.push_back(actor());
    auto& begun = made.responses.front();
    begun.status = 202;
    begun.headers = {"Location"};
    return made;
}

http::RouteDoc parked_doc() {
    auto made = projection_doc("Events that could not be applied",
                               schema::object({{"view", schema::text},
                                               {"total", schema::number},
                                               {"parked", schema::list(parked_schema())},
                                               {"end", schema::truth}}));
    made.parameters.push_back(
        query_doc("afterStream", "string", "go on after the event of this stream"));
    made.parameters.push_back(
        number_doc("afterPosition", 0, INT64_MAX, "go on after the event at this position"));
    return made;
}

http::RouteDoc skip_doc(http::BodySchema body_schema) {
    auto made =
        projection_doc("Go on without a parked event", tried_schema(), std::move(body_schema));
    made.request_example = R"({"position":17,"reason":"the phone shop sent it twice"})";
    made.request_required = true;
    made.parameters.push_back(actor());
    made.responses.front().headers = {"Yeyak-Position", "Yeyak-Stream-Version", "Link"};
    return made;
}

}  // namespace

void add_projection_routes(http::Router& router, const Server& at) {
    const auto add = [&](Method method, std::string path, auto answer, http::RouteDoc doc) {
        router.add({method, "/projections/{name}" + std::move(path),
                    [at, answer](Request& request) { return answer(at, request); },
                    std::move(doc)});
    };
    const auto changes = [](Change what) {
        return [what](const Server& on, Request& request) { return change(on, request, what); };
    };
    router.add(
        {Method::get, "/projections", at_once([at](Request&) { return list(at); }),
         projections_doc("Views with position, lag, builds and parked events", list_schema())});
    router.add({Method::get, "/projections/{name}/rebuild", at_once([at](Request& request) {
                    return rebuilds(at, request.parameter("name"), 200);
                }),
                projection_doc("How far a rebuild is", rebuilds_schema())});
    add(Method::post, "/rebuild", begin, begin_doc(rebuild_body.schema(at.config.limits)));
    add(Method::delete_, "/rebuild", changes(Change::cancel),
        projection_doc("Cancel a rebuild", rebuilds_schema(),
                       nothing_body.schema(at.config.limits)));
    add(Method::post, "/rebuild/pause", changes(Change::pause),
        projection_doc("Pause a rebuild", rebuilds_schema(),
                       nothing_body.schema(at.config.limits)));
    add(Method::post, "/rebuild/resume", changes(Change::resume),
        projection_doc("Go on with a paused rebuild", rebuilds_schema(),
                       nothing_body.schema(at.config.limits)));
    auto back = projection_doc("Show the build before the last switch again", view_schema(),
                               nothing_body.schema(at.config.limits));
    back.parameters.push_back(actor());
    add(Method::post, "/rollback", roll_back, std::move(back));
    add(Method::get, "/parked", parked, parked_doc());
    add(Method::post, "/retry", retry,
        projection_doc("Try parked events again", tried_schema(),
                       retry_body.schema(at.config.limits)));
    add(Method::post, "/skip", skip, skip_doc(skip_body.schema(at.config.limits)));
}

}  // namespace yeyak::api
