#include "api/systems/vaccination/docs.h"
#include "api/routes/route_docs.h"
#include "api/systems/vaccination/body.h"

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
    made.parameters = {idempotency_key()};
    return made;
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
    made.responses = {{200, "ten days, each with the places that are left", "application/json", "",
                       R"([{"date":"2021-10-05","count":100}])"},
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
        {200, "the user, with the id of the reservation", "application/json", "",
         std::string{user_example}},
        refused(409, "the person has a reservation, the day is full, or there is no vaccine"),
        refused(422, "a value does not fit, or the day is not offered"),
        refused(503, "the user context is stopped")};
    return made;
}

http::RouteDoc cancel(const server::LimitsConfig& limits) {
    auto made = command("Cancel a reservation", cancel_body.schema(limits),
                        R"({"userRegNumber":"890309-2766876"})");
    made.responses = {{200, "the user", "application/json", "", ""},
                      refused(404, "there is no such user"),
                      refused(409, "it was cancelled before, or the user was injected"),
                      refused(503, "the user context is stopped")};
    made.description =
        "A condition is about the row of the user, and needs the userId that says which.";
    describe_conditions(made);
    return made;
}

http::RouteDoc inject(const server::LimitsConfig& limits) {
    auto made = command("Inject the vaccine", hospital_body.schema(limits), R"({"userId":1})");
    made.responses = {{200, "what happened", "application/json", "", ""},
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
        {200, "what is recorded", "application/json", "", ""},
        refused(404, "there is no such user"),
        refused(409, "cancelled, injected, recorded before, or the day has not come yet"),
        refused(503, "the hospital is stopped")};
    return made;
}

}  // namespace yeyak::api::vaccination_docs
