#include "api/systems/vaccination/docs.h"

#include "api/routes/route_docs.h"
#include "api/systems/vaccination/body.h"
#include "kernel/json_schema.h"
#include "projections/vaccination/users.h"

namespace yeyak::api::vaccination_docs {
namespace {

http::RouteDoc doc(std::string summary, http::BodySchema schema, std::string example) {
    http::RouteDoc made;
    made.tag = "vaccination";
    made.summary = std::move(summary);
    made.request_schema = std::move(schema);
    made.request_example = std::move(example);
    return made;
}

http::RouteDoc command(std::string summary, http::BodySchema schema, std::string example) {
    auto made = doc(std::move(summary), std::move(schema), std::move(example));
    made.parameters = {idempotency_key(), actor()};
    return made;
}

http::ResponseDoc with_user(std::string description, std::string example = "") {
    return recorded(200, std::move(description), "application/json",
                    json_schema<projections::VaccinationUserRow>(), std::move(example));
}

// The original's event, as end_appointment() tells it.
http::ResponseDoc with_event(std::string description, std::string_view event,
                             std::vector<schema::Member> more) {
    std::vector<schema::Member> members{
        {"eventType", schema::one_of({event})},
        {"timestamp", R"({"type":"string","pattern":"^[0-9]{14}$"})"},
        {"id", schema::number},
        {"userId", schema::number}};
    members.insert(members.end(), more.begin(), more.end());
    return recorded(200, std::move(description), "application/json", schema::object(members));
}

// The days, or no days with a message when the look-up is stopped and vaccination.dates_fallback
// says so.
std::string dates_schema() {
    const auto days =
        schema::list(schema::object({{"date", schema::date}, {"count", schema::number}}));
    return schema::any_of({days, schema::object({{"message", schema::text}, {"dates", days}})});
}

constexpr std::string_view user_example =
    R"({"id":1,"userName":"Taeyeon Kim","userRegNumber":"890309-2******",)"
    R"("reserveStatus":"RESERVE","reserveDate":"2021-10-05",)"
    R"("modifyDate":"2021-09-29T00:00:00.000Z","injectDate":null,"vaccineType":null,)"
    R"("cancelReason":null})";

}  // namespace

http::RouteDoc dates(const server::LimitsConfig& limits) {
    auto made = doc("Look up the days on which one can be vaccinated", date_body.schema(limits),
                    R"({"userName":"Taeyeon Kim","userRegNumber":"890309-2766876"})");
    made.responses = {{200, "ten days, each with the places that are left", "application/json",
                       dates_schema(), R"([{"date":"2021-10-05","count":100}])"},
                      refused(422, "name or number do not fit"),
                      refused(503, "the look-up is delayed or stopped; Retry-After says when")};
    return made;
}

http::RouteDoc reserve(const server::LimitsConfig& limits) {
    auto made = command("Reserve a vaccination", reserve_body.schema(limits),
                        R"({"userName":"Taeyeon Kim","userRegNumber":"890309-2766876",)"
                        R"("reserveDate":"2021-10-05"})");
    made.description =
        "Place, appointment and vaccine follow, at once or as soon as these contexts are up. The "
        "registration number is kept masked and sealed, and as a keyed hash.";
    made.responses = {
        with_user("the user, with the id of the reservation", std::string{user_example}),
        refused(409, "the person has a reservation, the day is full, or there is no vaccine"),
        refused(422, "a value does not fit, or the day is not offered"),
        refused(503, "the user context is stopped")};
    return made;
}

http::RouteDoc cancel(const server::LimitsConfig& limits) {
    auto made = command("Cancel a reservation", cancel_body.schema(limits),
                        R"({"userRegNumber":"890309-2766876"})");
    made.responses = {with_user("the user"), refused(404, "there is no such user"),
                      refused(409, "it was cancelled before, or the user was injected"),
                      refused(503, "the user context is stopped")};
    made.description =
        "A condition is about the row of the user, and needs the userId that says which.";
    describe_conditions(made);
    return made;
}

http::RouteDoc inject(const server::LimitsConfig& limits) {
    auto made = command("Inject the vaccine", hospital_body.schema(limits), R"({"userId":1})");
    made.responses = {with_event("what happened", "VaccineInjected",
                                 {{"injectDate", schema::time}, {"vaccineType", schema::text}}),
                      refused(404, "there is no such user"),
                      refused(409, "cancelled, injected before, or no vaccine is there yet"),
                      refused(503, "the hospital is stopped")};
    made.description = "A condition is about the row of the appointment: /hospitals/{userId}.";
    describe_conditions(made);
    return made;
}

http::RouteDoc no_show(const server::LimitsConfig& limits) {
    auto made =
        command("Say that a user did not come", hospital_body.schema(limits), R"({"userId":1})");
    made.description =
        "From the day of the reservation on. The dose and the place are free again, and the person "
        "may reserve another day. With vaccination.no_show=end_of_day it is said by itself as soon "
        "as the day is over.";
    made.responses = {
        with_event("what is recorded", "NoShowRecorded", {{"reserveDate", schema::date}}),
        refused(404, "there is no such user"),
        refused(409, "cancelled, injected, recorded before, or the day has not come yet"),
        refused(503, "the hospital is stopped")};
    return made;
}

}  // namespace yeyak::api::vaccination_docs
