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

std::vector<List> lists_of(const ListQuery& query) {
    if (query.hides_cancelled && !query.include_cancelled) return {List::active};
    return {List::active, List::cancelled};
}

}  // namespace

ListReading::ListReading(const ViewStore& views, const Build& build, ListQuery query)
    : moment_(views, build), query_(std::move(query)), descending_(query_.descending) {}

StoreResult<void> ListReading::begin() {
    skip_ = query_.page * query_.size;
    wanted_ = query_.size;
    for (const auto& filter : query_.filters)
        if (indexed_ == nullptr && !query_.keys &&
            std::ranges::find(query_.indexed, filter.first) != query_.indexed.end())
            indexed_ = &filter;
    if (!is_filtered())
        if (const auto begun = begin_unfiltered(); !begun) return begun;
    if (wanted_ == 0) return {};
    if (is_sorted()) selection_.emplace(PageSelection::Page{descending_, skip_, wanted_});
    open_cursors();
    return {};
}

// How many rows there are is known, so the page is looked for from the nearer end.
StoreResult<void> ListReading::begin_unfiltered() {
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
    return {};
}

void ListReading::open_cursors() {
    cursors_.clear();
    next_key_ = 0;
    if (query_.keys) return;
    if (indexed_ == nullptr) {
        for (const List list : lists_of(query_))
            cursors_.push_back(moment_.rows(list, descending_));
        return;
    }
    const auto& [name, value] = *indexed_;
    cursors_.push_back(moment_.keys(name, value, descending_));
    if (const auto sealed = query_.sealed.find(name); sealed != query_.sealed.end())
        cursors_.push_back(moment_.keys(name, sealed->second, descending_));
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

// Of an index, or of keys, only the key is known: the row is read here, and must be in a list that
// is shown.
StoreResult<bool> ListReading::passes(std::string_view key, std::string& json) const {
    if (is_by_key()) {
        auto found = moment_.find(key);
        if (!found) return std::unexpected(found.error());
        const auto lists = lists_of(query_);
        if (!*found || std::ranges::find(lists, (*found)->list) == lists.end()) return false;
        json = std::move((*found)->json);
    }
    const bool matches = std::ranges::all_of(query_.filters, [&](const auto& filter) {
        return projections::text_of(field(json, filter.first)) == filter.second;
    });
    if (!matches || !query_.is_there) return matches;
    return query_.is_there(json);
}

// Puts a row that passed to where it belongs.
void ListReading::place(std::string_view key, std::string json) {
    if (selection_) {
        selection_->add({field(json, query_.sort), std::string{key}});
    } else if (seen_ >= skip_ && page_.rows.size() < wanted_) {
        page_.rows.push_back(std::move(json));
    }
    ++seen_;
}

// False at the end of the way, or once the page is whole.
StoreResult<bool> ListReading::take_next() {
    if (query_.keys) {
        const auto& keys = *query_.keys;
        if (next_key_ == keys.size()) return false;
        const auto at = next_key_++;
        return take_key(keys[descending_ ? keys.size() - 1 - at : at]);
    }
    Cursor* cursor = least();
    if (cursor == nullptr) return false;
    auto taken = take(*cursor);
    cursor->next();
    return taken;
}

StoreResult<bool> ListReading::take_key(const std::string& key) {
    ++examined_;
    std::string json;
    const auto passed = passes(key, json);
    if (!passed) return std::unexpected(passed.error());
    if (*passed) place(key, std::move(json));
    return true;
}

// False once the page is whole.
StoreResult<bool> ListReading::take(Cursor& cursor) {
    if (in_key_order()) {
        if (seen_++ >= skip_) {
            const auto json = cursor.json();
            if (!json) return std::unexpected(json.error());
            page_.rows.emplace_back(*json);
        }
        return page_.rows.size() < wanted_;
    }
    ++examined_;
    std::string json;
    if (indexed_ == nullptr) {
        const auto stored = cursor.json();
        if (!stored) return std::unexpected(stored.error());
        json = *stored;
    }
    const auto passed = passes(cursor.key(), json);
    if (!passed) return std::unexpected(passed.error());
    if (*passed) place(cursor.key(), std::move(json));
    return true;
}

std::size_t ListReading::bytes() const {
    const auto held = selection_ ? selection_->bytes() : 0;
    return examined_ > long_reading_rows ? std::max(held, long_reading_bytes) : held;
}

std::optional<ListReading::Done> ListReading::step() {
    if (!std::exchange(begun_, true))
        if (const auto found = begin(); !found) return std::unexpected(found.error());
    const auto most = in_key_order() ? keys_of_a_step : rows_of_a_step;
    bool more = wanted_ > 0;
    for (std::uint64_t i = 0; more && i < most; ++i) {
        const auto taken = take_next();
        if (!taken) return std::unexpected(taken.error());
        more = *taken;
    }
    if (more) return std::nullopt;
    const auto whole = finish_pass();
    if (!whole) return std::unexpected(whole.error());
    if (!*whole) return std::nullopt;
    return std::move(page_);
}

// False when the rows have to be gone through once more.
StoreResult<bool> ListReading::finish_pass() {
    for (const auto& cursor : cursors_)
        if (const auto status = cursor.status(); !status) return std::unexpected(status.error());
    if (is_filtered()) page_.total = seen_;
    if (selection_) {
        auto rows = selection_->finish_pass();
        if (!rows) {
            seen_ = 0;
            open_cursors();
            return false;
        }
        if (const auto taken = take_rows(*rows); !taken) return std::unexpected(taken.error());
    }
    if (descending_ != query_.descending) std::ranges::reverse(page_.rows);
    return true;
}

StoreResult<void> ListReading::take_rows(const std::vector<SortedRow>& rows) {
    for (const auto& sorted : rows) {
        auto row = moment_.find(sorted.key);
        if (!row) return std::unexpected(row.error());
        if (*row) page_.rows.push_back(std::move((*row)->json));
    }
    return {};
}

}  // namespace yeyak::api
