#include "api/systems/library/routes.h"

#include "aggregates/engine/people.h"
#include "aggregates/engine/unit.h"
#include "aggregates/library/contract.h"
#include "api/routes/answer_row.h"
#include "api/routes/route_docs.h"
#include "api/systems/library/body.h"
#include "kernel/ensure.h"
#include "kernel/json_schema.h"
#include "privacy/sealer.h"
#include "privacy/vault.h"
#include "projections/library/loans.h"
#include "server/config/config.h"

namespace yeyak::api {
namespace {

using boost::asio::awaitable;
using http::Request;
using http::Response;
using namespace library;

const ViewResource loans{.view = "library.loans",
                         .path = "loans",
                         .item = "loan",
                         .filters = {"status", "userId"},
                         .indexed = {"status"},
                         .sortable = {"id"}};

constexpr Refusal refusals[] = {{"loan_not_found", 404, "there is no such loan"},
                                {"book_reserved", 409, "the book is reserved and was not lent yet"},
                                {"book_lent", 409, "the book is lent, and there is no fine"},
                                {"fine_not_paid", 409, "there is a fine to be paid first"},
                                {"fine_being_paid", 409, "the fine is being paid"},
                                {"fine_paid", 409, "the fine is paid; the book can be returned"},
                                {"book_returned", 409, "the book was returned"}};

constexpr CommandRoute reserve_route{"library/reserve", "library", refusals};
constexpr CommandRoute change_route{"library/change", "library", refusals, "loan_not_found"};

awaitable<Response> reserve(const Server& at, const Mount& mount, Request& request) {
    const auto body = loan_body.read(request, at.config.limits);
    if (!body) co_return body.error();
    if (auto reader = customer_of(request, "userId", body->user_id); !reader)
        co_return std::move(reader).error();
    auto sealed = [asked = *body](const privacy::Sealer& seal) -> server::Decide {
        const BookReserved wish{0, asked.user_id, seal(asked.user_name), asked.book};
        return [wish](Unit& unit) {
            auto loan = wish;
            loan.id = static_cast<std::int64_t>(unit.next_number("library.loans"));
            return unit.execute<LoanContract>(std::to_string(loan.id), ReserveBook{loan});
        };
    };
    server::PersonalCommand command{person_name("library", "user", std::to_string(body->user_id)),
                                    std::move(sealed)};
    auto reserved = co_await answer_command<projections::Loans, LoanContract>(
        at, mount, loans, request, reserve_route, "desk", std::move(command), 201);
    co_return reserved;
}

// What is asked of the loan in the path.
using Wish = std::expected<LoanCommand, Response>;

Wish lend(const Server&, const Request&, std::int64_t loan) { return LendBook{loan}; }
Wish take_back(const Server&, const Request&, std::int64_t loan) { return ReturnBook{loan}; }
Wish charge(const Server&, const Request&, std::int64_t loan) { return ChargeFine{loan}; }
Wish pay(const Server& at, const Request& request, std::int64_t loan) {
    const auto body = fine_payment_body.read(request, at.config.limits);
    if (!body) return std::unexpected(body.error());
    const auto card = at.commands.vault().card(body->card_no);
    ensure(card.has_value(), "the body's card number is one");
    return PayFine{loan, card->token};
}

using ReadWish = Wish (*)(const Server& at, const Request& request, std::int64_t loan);

awaitable<Response> change(const Server& at, const Mount& mount, Request& request, ReadWish read) {
    const auto id = id_of(request);
    if (!id) co_return id.error();
    const auto wish = read(at, request, *id);
    if (!wish) co_return wish.error();
    auto decide = [id = std::to_string(*id), command = *wish](Unit& unit) {
        return unit.execute<LoanContract>(id, command);
    };
    IsEnd settled;  // only a payment is waited for
    if (std::holds_alternative<PayFine>(*wish))
        settled = [](const auto& event) { return event.data.type == FineSettled::type; };
    auto changed = co_await answer_command<projections::Loans, LoanContract>(
        at, mount, loans, request, change_route, "desk", std::move(decide), 200, std::move(settled),
        stream_of<LoanContract>(*id));
    co_return changed;
}

http::RouteDoc doc(std::string summary, http::BodySchema schema = {}, std::string example = "",
                   int status = 200) {
    http::RouteDoc doc;
    doc.tag = "library";
    doc.summary = std::move(summary);
    doc.parameters = {idempotency_key(), actor()};
    doc.request_schema = std::move(schema);
    doc.request_example = std::move(example);
    doc.responses = {recorded(status, "the loan as it stands then", "application/hal+json",
                              schema::hal_row(json_schema<projections::LoanRow>(), "loan")),
                     refused(409, "the loan does not stand so that this is possible"),
                     refused(422, "a value does not fit"), refused(503, "the library is stopped")};
    doc.produces = {"application/hal+json", "application/json"};
    return doc;
}

}  // namespace

void add_library_routes(http::Router& router, const Server& at, const Mount& mount) {
    router.add({http::Method::post, mount.prefix + "/loans",
                [at, mount](Request& request) { return reserve(at, mount, request); },
                doc("Reserve a book", loan_body.schema(at.config.limits),
                    R"({"userId":3,"userName":"Jieun Lee","book":"Pachinko"})", 201)});
    const auto add = [&](std::string_view path, ReadWish read, http::RouteDoc told) {
        told.parameters.push_back({"id", "path", "integer", true, "of the loan"});
        told.responses.push_back(refused(404, "there is no such loan"));
        router.add(
            {http::Method::post, mount.prefix + "/loans/{id}/" + std::string{path},
             [at, mount, read](Request& request) { return change(at, mount, request, read); },
             std::move(told)});
    };
    add("lending", lend, doc("Lend the book"));
    add("return", take_back, doc("Take the book back"));
    add("fine", charge, doc("Charge the fine for being late"));
    add("payment", pay,
        doc("Pay the fine", fine_payment_body.schema(at.config.limits),
            R"({"cardNo":"1234-1234-1234-1234"})"));
    add_view_routes(router, at.reads, mount, loans, "library");
}

}  // namespace yeyak::api
