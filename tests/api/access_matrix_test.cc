// Every route × every role × {own, another's, missing} × every kind of token. What is to be
// answered follows from the table of routes; what the table may never say is declared here.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <set>

#include "tests/api/guarded_server.h"

namespace yeyak::program {
namespace {

using http::Method;
using http::Reach;

// A caller of one role. The own things of a program begin with "own-".
constexpr std::string_view roles[] = {"customer", "seller", "hospital", "clerk",
                                      "repairer", "store",  "program",  "operator",
                                      "auditor",  "admin",  ""};
const std::map<std::string_view, std::set<std::string_view>> staff_of = {
    {"prereservation", {"seller"}},        {"market", {"seller"}},   {"vaccination", {"hospital"}},
    {"repairshop", {"clerk", "repairer"}}, {"phoneshop", {"store"}},
};
bool is_staff(std::string_view role) {
    return std::ranges::any_of(staff_of,
                               [&](const auto& system) { return system.second.contains(role); });
}

enum class Token { none, good, expired, wrong_audience, forged, revoked };
constexpr Token tokens[] = {Token::none,           Token::good,   Token::expired,
                            Token::wrong_audience, Token::forged, Token::revoked};
enum class Thing { own, anothers, missing };
constexpr Thing things[] = {Thing::own, Thing::anothers, Thing::missing};

// What stands for a parameter of a path.
std::string value_of(std::string_view parameter, Thing thing) {
    const auto which = static_cast<std::size_t>(thing);
    constexpr std::string_view numbers[] = {"1", "2", "99"};
    constexpr std::string_view streams[] = {"own-1", "theirs-1", "own-99"};
    if (parameter == "stream") return std::string{streams[which]};
    if (parameter == "id" || parameter == "key") return std::string{numbers[which]};
    if (parameter == "name") return "preReservations";
    if (parameter == "context") return "receipt";
    return "0";
}

std::string target_of(std::string_view pattern, Thing thing) {
    std::string target;
    while (!pattern.empty()) {
        const auto open = pattern.find('{');
        target += pattern.substr(0, open);
        if (open == std::string_view::npos) break;
        const auto close = pattern.find('}', open);
        target += value_of(pattern.substr(open + 1, close - open - 1), thing);
        pattern.remove_prefix(close + 1);
    }
    return target;
}

// The code of what the door answers; empty: the route's own answer.
std::string verdict(const http::Response& response) {
    for (const std::string_view code : {"not_authenticated", "invalid_token", "insufficient_scope"})
        if (response.problem_code == code) return response.problem_code;
    return {};
}

class AccessMatrix : public GuardedServer {
  protected:
    std::string sent(std::string_view role, Token kind) const {
        Wish wish{.subject = "user:1", .may_read = {"own-"}, .may_write = {"own-"}};
        if (!role.empty()) wish.roles.emplace_back(role);
        switch (kind) {
            case Token::none:
                return {};
            case Token::good:
                return token_of(wish);
            case Token::expired:
                wish.issued_ms_ago = 2 * hour_ms;
                return token_of(wish);
            case Token::wrong_audience:
                wish.audience = "another";
                return token_of(wish);
            case Token::forged:
                return token_of(wish, *stranger_);
            case Token::revoked:
                wish.subject = "user:revoked";
                wish.issued_ms_ago = hour_ms / 2;  // long before it was revoked
                return token_of(wish);
        }
        return {};
    }

    static std::string expected(const api::RouteAccess& access, std::string_view role, Token kind) {
        if (access.anybody()) return {};
        if (kind == Token::none) return "not_authenticated";
        if (kind != Token::good) return "invalid_token";
        const auto& grants = access.grants();
        const bool may =
            std::ranges::find(grants, role, &std::pair<std::string_view, Reach>::first) !=
            grants.end();
        return may ? "" : "insufficient_scope";
    }

    // Only the door: what the route does is another question.
    std::string at_the_door(const Ask& ask) {
        auto request = request_of(ask);
        const auto found = router_.resolve(request);
        const auto denied = run(door_->admit(request, found.route));
        return denied ? verdict(*denied) : std::string{};
    }
};

TEST_F(AccessMatrix, every_cell_is_as_the_table_says) {
    tokens_->revoke("user:revoked", clock_.now());
    std::size_t cells = 0;
    std::size_t denied = 0;
    for (const auto& route : router_.routes()) {
        const auto* access = table_.find(route);
        ASSERT_NE(access, nullptr) << route.pattern;
        const bool named = route.pattern.contains('{');
        for (const auto role : roles)
            for (const auto kind : tokens) {
                const auto token = sent(role, kind);
                for (const auto thing : things) {
                    if (!named && thing != Thing::own) continue;
                    const Ask ask{route.method, target_of(route.pattern, thing), token};
                    const auto wanted = expected(*access, role, kind);
                    EXPECT_EQ(at_the_door(ask), wanted)
                        << http::to_string(ask.method) << ' ' << ask.target << " as " << role
                        << " with token " << static_cast<int>(kind);
                    ++cells;
                    denied += wanted.empty() ? 0 : 1;
                }
            }
    }
    std::cout << cells << " cells: " << denied << " refused, " << cells - denied << " let in\n";
    EXPECT_GT(cells, 10'000U);
}

// --- own, another's, missing
// -----------------------------------------------------------------------

// Two customers have the same things: the first one number 1 of each, the second number 2.
class TwoCustomers : public AccessMatrix {
  protected:
    void SetUp() override {
        AccessMatrix::SetUp();
        for (const int user : {1, 2}) {
            order(user, "/prereservation/preReservations",
                  fmt::format(R"({{"userId":{},"userAddress":"seoul","productId":1,)"
                              R"("productName":"fold","price":1300000,)"
                              R"("cardNo":"1234-1234-1234-1234"}})",
                              user));
            make("/market/products", R"({"productName":"Phone","productStatus":"01"})",
                 token_of({.subject = "seller:1", .roles = {"seller"}}));
            order(user, "/market/reservations", fmt::format(R"({{"productId":{}}})", user));
            order(user, "/repairshop/receipts", fmt::format(R"({{"vehiNo":"010{}"}})", user));
            order(user, "/phoneshop/orders",
                  R"({"item":"phone","qty":1,"price":1000,"store":"gangnam"})");
        }
    }
    std::string customer(int user) const {
        return token_of({.subject = fmt::format("user:{}", user), .roles = {"customer"}});
    }
    std::string of_role(std::string role) const {
        return token_of({.subject = role + ":1", .roles = {role}});
    }
    void order(int user, const std::string& path, std::string body) {
        make(path, std::move(body), customer(user));
    }
    void make(const std::string& path, std::string body, const std::string& token) {
        const auto answer = send({Method::post, path, token, std::move(body)});
        ASSERT_LT(answer.status, 300) << path << ": " << answer.body;
    }
    // Status and code: what tells one answer from another.
    std::string told(Method method, std::string_view pattern, Thing thing,
                     const std::string& token) {
        const auto answer = send({method, target_of(pattern, thing), token});
        return fmt::format("{} {}", answer.status, answer.problem_code);
    }
};

TEST_F(TwoCustomers, what_is_anothers_is_as_if_it_were_not_there) {
    std::size_t shown = 0;
    std::size_t hidden = 0;
    for (const auto& route : router_.routes()) {
        if (table_.find(route)->reach({{"customer"}}) != Reach::own) continue;
        if (!route.pattern.ends_with("/{id}")) continue;
        const auto at = fmt::format("{} {}", http::to_string(route.method), route.pattern);
        const auto as = [&](Thing thing, const std::string& token) {
            return told(route.method, route.pattern, thing, token);
        };
        EXPECT_EQ(as(Thing::anothers, customer(1)), as(Thing::missing, customer(1))) << at;
        ++hidden;
        if (route.method != Method::get) continue;
        for (const auto thing : things) {
            const auto there = as(thing, of_role("operator"));
            EXPECT_EQ(as(thing, of_role("auditor")), there) << at;
            EXPECT_EQ(as(thing, customer(thing == Thing::anothers ? 2 : 1)), there) << at;
            shown += there == "200 " ? 1 : 0;
        }
    }
    EXPECT_GT(hidden, 15U);
    EXPECT_GT(shown, 15U);
}

// --- what no table may say
// -------------------------------------------------------------------------

TEST_F(AccessMatrix, staff_counts_in_its_own_system_alone) {
    std::size_t seen = 0;
    for (const auto& route : router_.routes()) {
        const auto first = route.pattern.substr(1, route.pattern.find('/', 1) - 1);
        const auto system = staff_of.contains(first)            ? std::string_view{first}
                            : route.doc.tag == "prereservation" ? std::string_view{"prereservation"}
                                                                // at the root, too
                                                                : std::string_view{};
        for (const auto& [role, reach] : table_.find(route)->grants()) {
            if (!is_staff(role)) continue;
            ++seen;
            EXPECT_TRUE(!system.empty() && staff_of.at(system).contains(role))
                << role << " at " << route.pattern;
        }
    }
    EXPECT_GT(seen, 50U);
}

TEST_F(AccessMatrix, nobody_but_operators_changes_how_the_server_is_run) {
    const std::set<std::string_view> commands_of_auditors = {"/audit/trail", "/audit/exports"};
    for (const auto& route : router_.routes()) {
        const auto& access = *table_.find(route);
        EXPECT_EQ(access.reach({{"operator"}}), Reach::all) << route.pattern;
        if (route.method == Method::get) continue;
        EXPECT_FALSE(access.anybody()) << route.pattern;
        const bool of_auditors = commands_of_auditors.contains(route.pattern);
        EXPECT_EQ(access.reach({{"auditor"}}).has_value(), of_auditors) << route.pattern;
        // Whoever may only look commands nothing.
        for (const auto& [role, reach] : access.grants())
            EXPECT_NE(reach, Reach::look) << role << " at " << route.pattern;
        for (const std::string_view run : {"/audit/", "/projections", "/sagas", "/actuator"})
            if (route.pattern.starts_with(run) && !of_auditors)
                EXPECT_EQ(access.grants().size(), 1U) << route.pattern;
    }
}

TEST_F(AccessMatrix, a_customer_and_a_program_reach_what_is_theirs) {
    const std::set<std::string_view> about_nobody = {
        "/market/products",           "/market/products/{id}", "/vaccination/supplies",
        "/vaccination/supplies/{id}", "/audit/checkpoint",     "/audit/consistency"};
    const std::set<std::string_view> figures = {"/actuator/load", "/actuator/prometheus",
                                                "/audit/checkpoint", "/audit/consistency"};
    for (const auto& route : router_.routes()) {
        const auto& access = *table_.find(route);
        const auto customer = access.reach({{"customer"}});
        if (customer)
            EXPECT_EQ(customer, about_nobody.contains(route.pattern) ? Reach::look : Reach::own)
                << route.pattern;
        const auto program = access.reach({{"program"}});
        if (program)
            EXPECT_EQ(program, figures.contains(route.pattern) ? Reach::look : Reach::own)
                << route.pattern;
    }
}

TEST_F(AccessMatrix, of_several_roles_the_strongest_counts) {
    const auto& access = *table_.find(Method::get, "/preReservations");
    EXPECT_EQ(access.reach({{"customer"}}), Reach::own);
    EXPECT_EQ(access.reach({{"customer", "auditor"}}), Reach::look);
    EXPECT_EQ(access.reach({{"auditor", "seller", "customer"}}), Reach::all);
    EXPECT_EQ(access.reach({{"store", "hospital", "Seller"}}), std::nullopt);
    EXPECT_EQ(access.reach({}), std::nullopt);
}

}  // namespace
}  // namespace yeyak::program
