#include "api/routes/erasures.h"

#include <algorithm>
#include <iterator>

#include "api/routes/body_impl.h"
#include "api/routes/common.h"
#include "api/routes/route_docs.h"
#include "api/routes/schema.h"
#include "audit/proofs/checkpoint.h"
#include "kernel/edge/log.h"
#include "privacy/erasure.h"
#include "privacy/holdings.h"
#include "server/config/config.h"
#include "server/platform.h"

namespace yeyak::api {

// Whose data, and why.
struct ExportBody {
    std::string person;
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(ExportBody, (), (person, reason))

struct ErasureBody {
    std::string person;
    std::string reason;
    std::optional<bool> dry_run;
};
BOOST_DESCRIBE_STRUCT(ErasureBody, (), (person, reason, dry_run))

namespace {

using boost::asio::awaitable;
using http::problem;
using http::Request;
using http::Response;

template <class T>
Body<T> person_body() {
    return {Reading::strict,
            {field(&T::person).length(1, 200),
             field(&T::reason)
                 .length(1, privacy::longest_reason)
                 .about("it stays in the log for ever, so it should name nobody")}};
}
const Body<ExportBody> export_body = person_body<ExportBody>();
const Body<ErasureBody> erasure_body = person_body<ErasureBody>();

struct Asked {
    privacy::Person person;
    std::string reason;
    Cause cause;
};

std::expected<Asked, Response> read_asked(const Server& at, const Request& request,
                                          std::string_view handle, std::string reason) {
    const auto& people = at.reads.platform().people;
    if (privacy::told_for_ever(reason, people, handle))
        return std::unexpected(personal_number("reason"));
    auto person = privacy::parse_person(people, at.commands.vault(), handle);
    if (!person) return std::unexpected(problem(422, "unknown_person", person.error(), "person"));
    auto cause = cause_of(request, std::string{nobody});
    if (!cause) return std::unexpected(std::move(cause).error());
    return Asked{*std::move(person), std::move(reason), *std::move(cause)};
}

// What is found, read by the thread for long readings.
struct Found {
    privacy::ErasurePlan plan;
    std::optional<privacy::Holdings> held;
    bool erased_before = false;
};
enum class Want { keys, counts, content };

StoreResult<Found> find(const Server& at, const privacy::Person& person, Want want,
                        const std::atomic<bool>& stop) {
    auto plan = privacy::plan_erasure(at.reads.log(), at.commands.person_keys(), person);
    if (!plan) return std::unexpected(std::move(plan).error());
    const auto before = privacy::was_erased(at.reads.log(), person);
    if (!before) return std::unexpected(before.error());
    Found found{*std::move(plan), std::nullopt, *before};
    if (want == Want::keys) return found;
    auto held = privacy::find_holdings({.log = at.reads.log(),
                                        .views = at.reads.views(),
                                        .known_views = at.reads.platform().views,
                                        .person = found.plan.person,
                                        .key_names = found.plan.key_names,
                                        .with_content = want == Want::content,
                                        .stop = &stop});
    if (!held) return std::unexpected(std::move(held).error());
    found.held = *std::move(held);
    return found;
}

awaitable<StoreResult<Found>> find_aside(const Server& at, privacy::Person person, Want want) {
    auto found = co_await at.reads.aside<StoreResult<Found>>(
        [at, who = std::move(person), want](const std::atomic<bool>& stop) {
            return find(at, who, want, stop);
        });
    co_return found;
}

Response nothing_held(const privacy::Person& person) {
    return problem(404, "nothing_held",
                   "nothing is sealed for " + person.recorded + ", and nothing ever was", "person");
}

// The log as it was just before, as a signed note: what the erasure did not change.
awaitable<std::string> signed_checkpoint(const Server& at) {
    const std::chrono::milliseconds patience{at.config.read_wait_ms};
    co_await at.upkeep.ledger_reaches(at.reads.log().head(), patience);
    const auto published = at.upkeep.checkpoint();
    co_return published ? published->note : "";
}

awaitable<Response> erase(const Server& at, Request& request) {
    auto body = erasure_body.read(request, at.config.limits);
    if (!body) co_return body.error();
    const bool dry_run = body->dry_run.value_or(false);
    auto asked = read_asked(at, request, body->person, std::move(body->reason));
    if (!asked) co_return asked.error();
    const auto found = co_await find_aside(at, asked->person, dry_run ? Want::counts : Want::keys);
    if (!found) co_return problem_of(found.error());
    const auto& plan = found->plan;
    const auto* held = found->held ? &*found->held : nullptr;
    const bool known = !plan.keys.empty() || found->erased_before || (held && held->events > 0);
    if (!known) co_return nothing_held(asked->person);
    if (dry_run)
        co_return http::json(200, privacy::erasure_json(plan, held, asked->reason, "preview", 0));
    if (plan.keys.empty())
        co_return http::json(200,
                             privacy::erasure_json(plan, held, asked->reason, "nothing_left", 0));
    const auto checkpoint = co_await signed_checkpoint(at);
    const auto recorded = co_await at.commands.record(
        asked->cause, privacy::erasure_of(plan, asked->reason, checkpoint));
    if (!recorded) co_return problem_of(recorded.error());
    const auto destroyed = co_await at.commands.destroy_keys(plan.keys);
    if (!destroyed) {
        log::error("erasure_unfinished", {{"detail", destroyed.error().detail}},
                   request.correlation_id);
        co_return problem(500, "erasure_unfinished",
                          "the erasure is recorded, but the keys could not be destroyed yet; ask "
                          "again, or restart the server: it finishes what is recorded");
    }
    auto response = http::json(
        201, privacy::erasure_json(plan, held, asked->reason, "erased", recorded->position));
    add_position(response, recorded->position);
    co_return response;
}

awaitable<Response> hand_out(const Server& at, Request& request) {
    auto body = export_body.read(request, at.config.limits);
    if (!body) co_return body.error();
    auto asked = read_asked(at, request, body->person, std::move(body->reason));
    if (!asked) co_return asked.error();
    const auto found = co_await find_aside(at, asked->person, Want::content);
    if (!found) co_return problem_of(found.error());
    if (found->plan.keys.empty() && !found->erased_before && found->held->events == 0)
        co_return nothing_held(asked->person);
    const auto recorded = co_await at.commands.record(
        asked->cause, operations::PersonExported{asked->person.recorded, asked->reason});
    if (!recorded) co_return problem_of(recorded.error());
    auto response = http::json(200, privacy::export_json(found->plan, *found->held, asked->reason));
    response.headers.add("Cache-Control", "no-store");
    add_position(response, recorded->position);
    co_return response;
}

const std::vector<std::string_view> recorded_here{"Yeyak-Position", "Link"};

http::RouteDoc doc(std::string summary, std::string description) {
    http::RouteDoc made;
    made.tag = "audit";
    made.summary = std::move(summary);
    made.description = std::move(description);
    made.parameters = {actor()};
    made.request_example = R"({"person":"prereservation/user:17","reason":"asked for it"})";
    made.responses = {refused(404, "nothing was ever sealed for this person"),
                      refused(422, "person or reason do not fit")};
    return made;
}

// How much there is; the numbers of rows are by view.
std::vector<schema::Member> counts(bool always) {
    return {{"events", schema::number, always},
            {"sealedEvents", schema::number, always},
            {"rows", schema::by_name(schema::number), always},
            {"owed", schema::number, always}};
}

std::string erasure_schema(std::vector<std::string_view> results) {
    std::vector<schema::Member> members{{"person", schema::text},
                                        {"result", schema::one_of(results)},
                                        {"reason", schema::text},
                                        {"keys", schema::list(schema::text)},
                                        {"position", schema::number, false}};
    std::ranges::copy(counts(false), std::back_inserter(members));
    return schema::object(members);
}

std::string export_schema() {
    const auto key =
        schema::object({{"name", schema::text}, {"state", schema::one_of({"kept", "destroyed"})}});
    const auto owed = schema::object(
        {{"what", schema::one_of({"answer", "effect", "timer", "message", "snapshot"})},
         {"key", schema::text},
         {"data", schema::any}});
    const auto objects = schema::list(R"({"type":"object"})");
    std::vector<schema::Member> members{
        {"person", schema::text},
        {"reason", schema::text},
        {"position", schema::number},
        {"keys", schema::list(key)},
        {"held", schema::object({{"events", objects},
                                 {"owed", schema::list(owed)},
                                 {"rows", schema::by_name(objects)}})}};
    std::ranges::copy(counts(true), std::back_inserter(members));
    return schema::object(members);
}

http::RouteDoc erase_doc(const server::LimitsConfig& limits) {
    auto made = doc("Erase a person",
                    "Destroys the keys of the person's fields, which read (erased) from then on, "
                    "everywhere. The log does not change; the erasure is added to it. dryRun tells "
                    "what would be erased.");
    made.request_schema = erasure_body.schema(limits);
    made.responses.insert(
        made.responses.begin(),
        {{200, "what would be erased, or that nothing is left", "application/json",
          erasure_schema({"preview", "nothing_left"}), ""},
         {201, "erased", "application/json", erasure_schema({"erased"}), "", recorded_here}});
    return made;
}

http::RouteDoc export_doc(const server::LimitsConfig& limits) {
    auto made = doc("Give a person all that is held about them",
                    "Events, rows of views, and what is still owed. The export is recorded.");
    made.request_schema = export_body.schema(limits);
    made.responses.insert(made.responses.begin(), {200, "all of it", "application/json",
                                                   export_schema(), "", recorded_here});
    return made;
}

}  // namespace

void add_erasure_routes(http::Router& router, const Server& at) {
    router.add({http::Method::post, "/audit/erasures",
                [at](Request& request) { return erase(at, request); },
                erase_doc(at.config.limits)});
    router.add({http::Method::post, "/audit/exports",
                [at](Request& request) { return hand_out(at, request); },
                export_doc(at.config.limits)});
}

}  // namespace yeyak::api
