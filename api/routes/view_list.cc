#include "api/routes/view_list.h"

#include <algorithm>
#include <map>

#include "projections/runner/row_fields.h"

namespace yeyak::api {
namespace {

using projections::Build;
using projections::List;
using projections::StoredRow;
using projections::StoreResult;
using projections::ViewStore;

projections::FieldValue revealed_field(const ListQuery& query, std::string_view row,
                                       std::string_view field) {
    auto value = projections::field_of(row, field);
    if (auto* text = std::get_if<std::string>(&value); text && query.reveal)
        *text = query.reveal(*text);
    return value;
}

bool passes(const ListQuery& query, std::string_view row) {
    return std::ranges::all_of(query.filters, [&](const auto& filter) {
        return projections::text_of(revealed_field(query, row, filter.first)) == filter.second;
    });
}

std::vector<List> lists_of(const ListQuery& query) {
    if (query.hides_cancelled && !query.include_cancelled) return {List::active};
    return {List::active, List::cancelled};
}

// The page of a list that needs no filter and no sorting: rows are taken straight in key order.
StoreResult<ListPage> plain_page(const ViewStore& views, const Build& build,
                                 const ListQuery& query) {
    const auto counts = views.counts(build);
    if (!counts) return std::unexpected(counts.error());
    ListPage page;
    const auto end = (query.page + 1) * query.size;
    std::map<std::string, std::string> rows;  // of both lists in key order, no more than are needed
    for (const List list : lists_of(query)) {
        page.total +=
            static_cast<std::uint64_t>(list == List::active ? counts->active : counts->cancelled);
        std::uint64_t taken = 0;
        const auto scanned =
            views.scan(build, list, query.descending, [&](std::string_view key, StoredRow row) {
                rows.emplace(key, std::move(row.json));
                return ++taken < end;
            });
        if (!scanned) return std::unexpected(scanned.error());
    }
    std::uint64_t at = 0;
    const auto take = [&](auto& entry) {
        if (at >= end - query.size && at < end) page.rows.push_back(std::move(entry.second));
        ++at;
    };
    if (query.descending)
        std::for_each(rows.rbegin(), rows.rend(), take);
    else
        std::ranges::for_each(rows, take);
    return page;
}

// Every row that passes the filters, by the best index there is.
std::expected<std::vector<std::string>, ListError> candidates(const ViewStore& views,
                                                              const Build& build,
                                                              const ListQuery& query) {
    std::vector<std::string> rows;
    std::uint64_t examined = 0;
    const auto consider = [&](std::string row) {
        if (passes(query, row)) rows.push_back(std::move(row));
        return ++examined <= max_rows_examined;
    };
    const auto lists = lists_of(query);
    const auto indexed = std::ranges::find_if(query.filters, [&](const auto& filter) {
        return std::ranges::find(query.indexed, filter.first) != query.indexed.end();
    });
    StoreResult<void> read;
    if (indexed != query.filters.end()) {
        const auto by_index = [&](std::string_view key) {
            auto found = views.find(build, key);
            if (!found) {
                read = std::unexpected(found.error());
                return false;
            }
            // A row that changed between index and read is judged by what it is now.
            if (!*found || std::ranges::find(lists, (*found)->list) == lists.end()) return true;
            return consider(std::move((*found)->row.json));
        };
        std::vector<std::string> values{indexed->second};
        if (const auto sealed = query.sealed.find(indexed->first); sealed != query.sealed.end())
            values.push_back(sealed->second);
        for (const auto& value : values) {
            const auto scanned =
                views.scan_index(build, indexed->first, value, query.descending, by_index);
            if (!scanned) read = scanned;
        }
    } else {
        for (const List list : lists) {
            const auto scanned = views.scan(
                build, list, query.descending,
                [&](std::string_view, StoredRow row) { return consider(std::move(row.json)); });
            if (!scanned) read = scanned;
        }
    }
    if (!read) return std::unexpected(ListError{read.error()});
    if (examined > max_rows_examined) return std::unexpected(ListError{TooManyRows{}});
    return rows;
}

}  // namespace

std::expected<ListPage, ListError> list_rows(const ViewStore& views, const Build& build,
                                             const ListQuery& query) {
    if (query.filters.empty() && query.sort == "id" &&
        (query.page + 1) * query.size <= max_rows_examined) {
        auto page = plain_page(views, build, query);
        if (!page) return std::unexpected(ListError{std::move(page).error()});
        return *std::move(page);
    }
    auto rows = candidates(views, build, query);
    if (!rows) return std::unexpected(std::move(rows).error());
    std::vector<std::pair<projections::FieldValue, std::size_t>> order;
    order.reserve(rows->size());
    for (std::size_t i = 0; i < rows->size(); ++i)
        order.emplace_back(revealed_field(query, (*rows)[i], query.sort), i);
    std::ranges::sort(order, [&](const auto& a, const auto& b) {
        if (a.first == b.first) return a.second < b.second;  // as they came: in key order
        return query.descending ? b.first < a.first : a.first < b.first;
    });
    ListPage page;
    page.total = rows->size();
    for (auto at = query.page * query.size;
         at < std::min(page.total, (query.page + 1) * query.size); ++at)
        page.rows.push_back(std::move((*rows)[order[at].second]));
    return page;
}

}  // namespace yeyak::api
