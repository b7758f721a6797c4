#include "api/routes/view_list.h"

#include <algorithm>

namespace yeyak::api {
namespace {

using projections::Build;
using projections::FieldValue;
using projections::List;
using projections::StoreResult;
using projections::ViewMoment;
using projections::ViewStore;

// Of each step: a row is read, parsed and compared in some microseconds, a key is passed in one.
constexpr std::uint64_t rows_of_a_step = 500;
constexpr std::uint64_t keys_of_a_step = 5'000;
constexpr std::uint64_t short_page = 100;

std::vector<List> lists_of(const ListQuery& query) {
    if (query.hides_cancelled && !query.include_cancelled) return {List::active};
    return {List::active, List::cancelled};
}

bool in_key_order(const ListQuery& query) { return query.filters.empty() && query.sort == "id"; }

}  // namespace

ListReading::ListReading(const ViewStore& views, const Build& build, ListQuery query)
    : moment_(views, build), query_(std::move(query)), descending_(query_.descending) {}

bool ListReading::is_short() const {
    return in_key_order(query_) && (query_.page + 1) * query_.size <= short_page;
}

StoreResult<void> ListReading::begin() {
    skip_ = query_.page * query_.size;
    wanted_ = query_.size;
    if (in_key_order(query_)) return begin_in_key_order();
    const auto indexed = std::ranges::find_if(query_.filters, [&](const auto& filter) {
        return std::ranges::find(query_.indexed, filter.first) != query_.indexed.end();
    });
    if (indexed != query_.filters.end()) {
        begin_by_index(*indexed);
        return {};
    }
    for (const List list : lists_of(query_)) cursors_.push_back(moment_.rows(list, descending_));
    return {};
}

StoreResult<void> ListReading::begin_in_key_order() {
    way_ = Way::key_order;
    const auto counts = moment_.counts();
    if (!counts) return std::unexpected(counts.error());
    for (const List list : lists_of(query_))
        page_.total +=
            static_cast<std::uint64_t>(list == List::active ? counts->active : counts->cancelled);
    wanted_ = skip_ >= page_.total ? 0 : std::min(query_.size, page_.total - skip_);
    if (wanted_ == 0) return {};
    const std::uint64_t behind = page_.total - skip_ - wanted_;
    if (behind < skip_) {
        skip_ = behind;
        descending_ = !descending_;
    }
    for (const List list : lists_of(query_)) cursors_.push_back(moment_.rows(list, descending_));
    return {};
}

void ListReading::begin_by_index(const std::pair<std::string, std::string>& filter) {
    way_ = Way::index;
    cursors_.push_back(moment_.keys(filter.first, filter.second, descending_));
    if (const auto sealed = query_.sealed.find(filter.first); sealed != query_.sealed.end())
        cursors_.push_back(moment_.keys(filter.first, sealed->second, descending_));
}

// The cursor that comes next in key order; null when all are at their ends.
ListReading::Cursor* ListReading::least() {
    Cursor* found = nullptr;
    for (auto& cursor : cursors_) {
        if (cursor.at_end()) continue;
        if (found == nullptr ||
            (descending_ ? found->key() < cursor.key() : cursor.key() < found->key()))
            found = &cursor;
    }
    return found;
}

FieldValue ListReading::field(std::string_view json, std::string_view name) const {
    auto value = projections::field_of(json, name);
    if (auto* text = std::get_if<std::string>(&value); text && query_.reveal)
        *text = query_.reveal(*text);
    return value;
}

// Of an index only the key is known: the row is read here, and must be in a list that is shown.
StoreResult<bool> ListReading::passes(std::string_view key, std::string& json) const {
    if (way_ == Way::index) {
        auto found = moment_.find(key);
        if (!found) return std::unexpected(found.error());
        const auto lists = lists_of(query_);
        if (!*found || std::ranges::find(lists, (*found)->list) == lists.end()) return false;
        json = std::move((*found)->json);
    }
    return std::ranges::all_of(query_.filters, [&](const auto& filter) {
        return projections::text_of(field(json, filter.first)) == filter.second;
    });
}

// Puts a row that passed to where it belongs.
void ListReading::place(std::string_view key, std::string json) {
    if (query_.sort != "id") {
        candidates_.push_back({field(json, query_.sort), std::string{key}});
    } else if (seen_ >= skip_ && page_.rows.size() < wanted_) {
        page_.rows.push_back(std::move(json));
    }
    ++seen_;
}

// False once the page is whole.
StoreResult<bool> ListReading::take(Cursor& cursor) {
    if (way_ == Way::key_order) {
        if (seen_++ >= skip_) {
            const auto json = cursor.json();
            if (!json) return std::unexpected(json.error());
            page_.rows.emplace_back(*json);
        }
        return page_.rows.size() < wanted_;
    }
    ++examined_;
    std::string json;
    if (way_ == Way::scan) {
        const auto stored = cursor.json();
        if (!stored) return std::unexpected(stored.error());
        json = *stored;
    }
    const auto passed = passes(cursor.key(), json);
    if (!passed) return std::unexpected(passed.error());
    if (*passed) place(cursor.key(), std::move(json));
    return true;
}

bool ListReading::examined_too_many() const {
    return (way_ == Way::scan && examined_ > max_rows_examined) ||
           candidates_.size() > max_rows_examined;
}

std::optional<ListReading::Done> ListReading::step() {
    const auto failed = [](const projections::StoreError& error) {
        return Done{std::unexpected(ListError{error})};
    };
    if (!std::exchange(begun_, true))
        if (const auto found = begin(); !found) return failed(found.error());
    const auto most = way_ == Way::key_order ? keys_of_a_step : rows_of_a_step;
    bool more = wanted_ > 0;
    for (std::uint64_t i = 0; more && i < most; ++i) {
        Cursor* cursor = least();
        if (cursor == nullptr) {
            more = false;
            break;
        }
        const auto taken = take(*cursor);
        if (!taken) return failed(taken.error());
        if (examined_too_many()) return Done{std::unexpected(ListError{TooManyRows{}})};
        more = *taken;
        cursor->next();
    }
    if (more) return std::nullopt;
    auto page = finish();
    if (!page) return failed(page.error());
    return *std::move(page);
}

StoreResult<ListPage> ListReading::finish() {
    for (const auto& cursor : cursors_)
        if (const auto status = cursor.status(); !status) return std::unexpected(status.error());
    if (way_ == Way::key_order) {
        if (descending_ != query_.descending) std::ranges::reverse(page_.rows);
        return std::move(page_);
    }
    page_.total = seen_;
    if (query_.sort != "id")
        if (const auto taken = take_sorted(); !taken) return std::unexpected(taken.error());
    return std::move(page_);
}

// Only the page itself is put in order: whatever stands before and behind it need not be.
StoreResult<void> ListReading::take_sorted() {
    if (skip_ >= candidates_.size()) return {};
    std::vector<std::size_t> order(candidates_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    const auto before = [&](std::size_t a, std::size_t b) {
        const auto& x = candidates_[a].value;
        const auto& y = candidates_[b].value;
        if (x == y) return a < b;  // as they came: in key order
        return query_.descending ? y < x : x < y;
    };
    const auto first = order.begin() + static_cast<std::ptrdiff_t>(skip_);
    const auto last =
        first + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(wanted_, order.size() - skip_));
    std::nth_element(order.begin(), first, order.end(), before);
    std::partial_sort(first, last, order.end(), before);
    for (auto at = first; at != last; ++at) {
        auto row = moment_.find(candidates_[*at].key);
        if (!row) return std::unexpected(row.error());
        if (*row) page_.rows.push_back(std::move((*row)->json));
    }
    return {};
}

}  // namespace yeyak::api
