// The one table of who may do what: the rows of the platform and of all systems, joined when the
// program starts. It fits the routes when every route has a row and every row a route; the program
// does not start with one that does not fit, so a route that nobody thought of is open to nobody.
//
// Fill it at start; afterwards it is read-only and may be shared by threads.
#pragma once
#include <expected>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/access/access_row.h"
#include "api/http/router.h"

namespace yeyak::api {

// Who may use one route.
class RouteAccess {
  public:
    bool anybody() const { return anybody_; }
    // How far who has these roles reaches, by the strongest of them; none when he may not use it.
    std::optional<http::Reach> reach(std::span<const std::string> roles) const;

    using Grants = std::vector<std::pair<std::string_view, http::Reach>>;
    const Grants& grants() const { return grants_; }  // the operator's last

  private:
    friend class AccessTable;
    bool anybody_ = false;
    Grants grants_;
};

class AccessTable {
  public:
    // The rows of the platform.
    void add(std::span<const AccessRow> rows);
    // The rows of a system below its mount ("/market", or "" at the root), whose staff has these
    // roles. They and the rows live as long as the table.
    void add(std::span<const AccessRow> rows, std::string_view mount,
             std::span<const std::string_view> staff);

    // What is wrong with the table, and each route without a row and each row without a route.
    std::expected<void, std::string> fits(const http::Router& router) const;

    const RouteAccess* find(http::Method method, std::string_view pattern) const;
    const RouteAccess* find(const http::Route& route) const {
        return find(route.method, route.pattern);
    }

  private:
    void add_row(const AccessRow& row, std::string_view mount,
                 std::span<const std::string_view> staff);

    using Key = std::pair<http::Method, std::string>;
    struct Less {
        using is_transparent = void;
        template <class A, class B>
        bool operator()(const A& a, const B& b) const {
            return std::pair<http::Method, std::string_view>{a.first, a.second} <
                   std::pair<http::Method, std::string_view>{b.first, b.second};
        }
    };
    std::map<Key, RouteAccess, Less> routes_;
    std::vector<std::string> mistakes_;
};

std::string_view to_string(http::Reach reach);  // "all", "look", "own"

}  // namespace yeyak::api
