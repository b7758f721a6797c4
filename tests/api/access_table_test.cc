// A table that does not fit the routes, and the one of docs/security.md, which is compared.
#include "api/access/access_table.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include "api/access/platform_access.h"
#include "program/systems.h"

namespace yeyak::api {
namespace {

using http::Method;
using http::Reach;
using testing::HasSubstr;
using namespace access;

http::Router routes(const std::vector<std::pair<Method, std::string>>& all) {
    http::Router router;
    for (const auto& [method, pattern] : all)
        router.add({method,
                    pattern,
                    [](http::Request&) -> boost::asio::awaitable<http::Response> {
                        co_return http::no_content();
                    },
                    {}});
    return router;
}

constexpr std::string_view staff[] = {"clerk", "repairer"};

TEST(AccessTable, fits_when_every_route_has_a_row_and_every_row_a_route) {
    constexpr AccessRow rows[] = {{Method::get, "/things", own_rows},
                                  {Method::post, "/things", staff_command, "clerk"}};
    AccessTable table;
    table.add(rows, "/shop", staff);
    table.add(rows, "", staff);
    const std::vector<std::pair<Method, std::string>> both = {{Method::get, "/shop/things"},
                                                              {Method::post, "/shop/things"},
                                                              {Method::get, "/things"},
                                                              {Method::post, "/things"}};
    EXPECT_TRUE(table.fits(routes(both)).has_value());
    const auto& command = *table.find(Method::post, "/shop/things");
    EXPECT_EQ(command.reach({{"clerk"}}), Reach::all);
    EXPECT_EQ(command.reach({{"repairer"}}), std::nullopt);

    auto more = both;
    more.emplace_back(Method::put, "/forgotten");
    const auto open = table.fits(routes(more));
    ASSERT_FALSE(open.has_value());
    EXPECT_THAT(open.error(), HasSubstr("PUT /forgotten has no row"));

    const auto idle = table.fits(routes({both.begin(), both.end() - 1}));
    ASSERT_FALSE(idle.has_value());
    EXPECT_THAT(idle.error(), HasSubstr("the row of POST /things has no route"));
}

TEST(AccessTable, says_what_is_wrong_with_its_rows) {
    constexpr AccessRow twice[] = {{Method::get, "/a", own_rows}, {Method::get, "/a", operators}};
    constexpr AccessRow stranger[] = {{Method::get, "/b", staff_command, "store"}};
    constexpr AccessRow nobody[] = {{Method::get, "/c", staff_command}};
    constexpr std::string_view grand[] = {"operator"};
    AccessTable table;
    table.add(twice, "", staff);
    table.add(stranger, "", staff);
    table.add(nobody);
    table.add({}, "", grand);
    const auto wrong =
        table.fits(routes({{Method::get, "/a"}, {Method::get, "/b"}, {Method::get, "/c"}}));
    ASSERT_FALSE(wrong.has_value());
    EXPECT_THAT(wrong.error(), HasSubstr("GET /a has two rows"));
    EXPECT_THAT(wrong.error(), HasSubstr("the row of GET /b names store"));
    EXPECT_THAT(wrong.error(), HasSubstr("the row of GET /c is for a staff that has no role"));
    EXPECT_THAT(wrong.error(), HasSubstr("operator is no role of a staff"));
}

// --- the page ------------------------------------------------------------------------------------

// What the page says of a route: a cell for each column.
using Columns = std::vector<std::string>;
using Page = std::map<std::string, Columns>;

std::string trimmed(std::string text) {
    const auto from = text.find_first_not_of(' ');
    if (from == std::string::npos) return {};
    return text.substr(from, text.find_last_not_of(' ') - from + 1);
}

// "| `GET /a` `GET /a/{id}` | own | … |", below "| routes | customer | …".
Page page() {
    std::ifstream file{"docs/security.md"};
    EXPECT_TRUE(file.is_open());
    Page told;
    std::string line;
    const std::regex route{"`((?:GET|POST|PUT|PATCH|DELETE) [^`]*)`"};
    while (std::getline(file, line)) {
        if (!line.starts_with("| `")) continue;
        std::vector<std::string> cells;
        std::istringstream parts{line.substr(1)};
        for (std::string cell; std::getline(parts, cell, '|');) cells.push_back(trimmed(cell));
        for (std::sregex_iterator at{cells[0].begin(), cells[0].end(), route}, end; at != end; ++at)
            EXPECT_TRUE(told.emplace((*at)[1], Columns{cells.begin() + 1, cells.end()}).second)
                << (*at)[1] << " is there twice";
    }
    return told;
}

std::string cell(const std::optional<Reach>& reach) {
    return reach ? std::string{to_string(*reach)} : "–";
}

Columns columns(const Access& access, std::string_view staff_role) {
    auto of_staff = cell(access.staff);
    if (access.staff && !staff_role.empty()) of_staff += fmt::format(" ({})", staff_role);
    return {access.anybody ? "all" : "–", cell(access.customer), of_staff, cell(access.program),
            cell(access.auditor)};
}

TEST(AccessTable, is_the_one_that_the_page_shows) {
    Page table;
    const auto add = [&](std::span<const AccessRow> rows, std::string_view mount) {
        for (const auto& row : rows)
            table.emplace(fmt::format("{} {}{}", http::to_string(row.method), mount, row.pattern),
                          columns(row.access, row.staff_role));
    };
    add(platform_access(), "");
    for (const auto* system : program::systems())
        add(system->access, fmt::format("/{}", system->name()));
    const auto told = page();
    for (const auto& [route, cells] : table) {
        const auto at = told.find(route);
        if (at == told.end())
            ADD_FAILURE() << "docs/security.md does not show " << route;
        else
            EXPECT_EQ(at->second, cells) << route;
    }
    EXPECT_EQ(told.size(), table.size()) << "the page shows a route that has no row";
}

}  // namespace
}  // namespace yeyak::api
