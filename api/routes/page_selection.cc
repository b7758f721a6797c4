#include "api/routes/page_selection.h"

#include <algorithm>
#include <utility>

#include "kernel/ensure.h"

namespace yeyak::api {
namespace {

std::size_t size_of(const SortedRow& row) {
    std::size_t bytes = sizeof(SortedRow) + row.key.size();
    if (const auto* text = std::get_if<std::string>(&row.value)) bytes += text->size();
    return bytes;
}

}  // namespace

PageSelection::PageSelection(Page page, Sizes sizes)
    : page_(page), sizes_(sizes), measuring_(page.skip + page.wanted > sizes.most) {
    ensure(page.wanted <= sizes.most, "one pass can collect a page");
}

bool PageSelection::before(const SortedRow& a, const SortedRow& b) const {
    return page_.descending ? b < a : a < b;
}

// What a row says may change between two passes, when the key that opens it is destroyed: then more
// rows than should be may stand up to the floor, and the page begins there.
std::uint64_t PageSelection::to_skip() const { return page_.skip - std::min(page_.skip, below_); }

void PageSelection::add(SortedRow row) {
    ++rows_;
    if (floor_ && !before(*floor_, row)) {
        ++below_;
        return;
    }
    if (ceiling_ && !before(row, *ceiling_)) return;
    ++between_;
    largest_ = std::max(largest_, size_of(row));
    if (measuring_)
        measure(std::move(row));
    else
        collect(std::move(row));
}

void PageSelection::collect(SortedRow row) {
    const auto order = [this](const SortedRow& a, const SortedRow& b) { return before(a, b); };
    if (collected_.size() == std::min<std::uint64_t>(sizes_.most, page_.skip + page_.wanted)) {
        if (!before(row, collected_.front())) return;
        std::ranges::pop_heap(collected_, order);
        collected_.pop_back();
    }
    collected_.push_back(std::move(row));
    std::ranges::push_heap(collected_, order);
}

void PageSelection::measure(SortedRow row) {
    filling_.push_back(std::move(row));
    if (filling_.size() < sizes_.buffer) return;
    std::ranges::sort(filling_, [this](const auto& a, const auto& b) { return before(a, b); });
    Rows full = std::exchange(filling_, {});
    std::size_t level = 0;
    for (; level < sample_.size() && !sample_[level].empty(); ++level)
        full = merged(std::exchange(sample_[level], {}), std::move(full));
    if (level == sample_.size()) sample_.emplace_back();
    sample_[level] = std::move(full);
}

// Every second row of both, in order.
PageSelection::Rows PageSelection::merged(Rows a, Rows b) {
    Rows both;
    both.reserve(a.size() + b.size());
    std::ranges::merge(std::make_move_iterator(a.begin()), std::make_move_iterator(a.end()),
                       std::make_move_iterator(b.begin()), std::make_move_iterator(b.end()),
                       std::back_inserter(both),
                       [this](const auto& x, const auto& y) { return before(x, y); });
    keep_even_ = !keep_even_;
    Rows half;
    half.reserve(both.size() / 2);
    for (std::size_t i = keep_even_ ? 0 : 1; i < both.size(); i += 2)
        half.push_back(std::move(both[i]));
    return half;
}

// Brings floor and ceiling as near to the page as is certain, and says whether it is to be
// collected now: when it seems to be within reach, or when measuring again would bring nothing.
bool PageSelection::narrow() {
    const std::uint64_t error = sample_.size() * (between_ / (2 * sizes_.buffer) + 1);
    std::vector<std::pair<const SortedRow*, std::uint64_t>> weighted;
    for (const auto& row : filling_) weighted.emplace_back(&row, 1);
    for (std::size_t level = 0; level < sample_.size(); ++level)
        for (const auto& row : sample_[level])
            weighted.emplace_back(&row, std::uint64_t{1} << level);
    std::ranges::sort(weighted,
                      [this](const auto& a, const auto& b) { return before(*a.first, *b.first); });
    const auto skip = to_skip();
    std::uint64_t rank = 0;  // of a row of the sample, as it is estimated
    std::uint64_t reach = skip + page_.wanted;
    const SortedRow* floor = nullptr;
    const SortedRow* ceiling = nullptr;
    for (const auto& [row, weight] : weighted) {
        rank += weight;
        if (rank + error <= skip) {
            floor = row;
            reach = skip + page_.wanted - rank;
        } else if (rank > skip + page_.wanted + error) {
            ceiling = row;
            break;
        }
    }
    if (floor != nullptr) floor_ = *floor;
    if (ceiling != nullptr) ceiling_ = *ceiling;
    return reach <= sizes_.most || (floor == nullptr && ceiling == nullptr);
}

// The page, when it is among the rows that were collected. Else the floor comes nearer to it: to
// the row before it, or by as much as one pass collects.
std::optional<PageSelection::Rows> PageSelection::take_page() {
    const auto order = [this](const SortedRow& a, const SortedRow& b) { return before(a, b); };
    const auto at = [this](std::uint64_t row) {
        return collected_.begin() + static_cast<std::ptrdiff_t>(row);
    };
    const auto size = collected_.size();
    const auto first = std::min<std::uint64_t>(to_skip(), size);
    const auto last = std::min<std::uint64_t>(first + page_.wanted, size);
    if (size < between_ && first + page_.wanted > size) {
        std::ranges::nth_element(collected_, at(first - 1), order);
        measuring_ = first < to_skip();
        floor_ = std::move(*at(first - 1));
        return std::nullopt;
    }
    std::ranges::nth_element(collected_, at(first), order);
    std::ranges::partial_sort(at(first), at(last), collected_.end(), order);
    return Rows{std::make_move_iterator(at(first)), std::make_move_iterator(at(last))};
}

std::optional<PageSelection::Rows> PageSelection::finish_pass() {
    if (rows_ <= page_.skip) return Rows{};
    if (measuring_)
        measuring_ = !narrow();
    else if (auto page = take_page())
        return page;
    rows_ = 0;
    below_ = 0;
    between_ = 0;
    collected_.clear();
    filling_.clear();
    sample_.clear();
    return std::nullopt;
}

std::size_t PageSelection::rows_kept() const {
    std::size_t rows = collected_.size() + filling_.size();
    for (const auto& buffer : sample_) rows += buffer.size();
    return rows;
}

}  // namespace yeyak::api
