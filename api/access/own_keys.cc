#include "api/access/own_keys.h"

#include <algorithm>
#include <charconv>

#include "api/access/ownership.h"
#include "projections/owners/owners.h"
#include "projections/runner/view_store.h"

namespace yeyak::api {
namespace {

using eventstore::StoreResult;
using projections::Owners;
using Keys = std::optional<std::vector<std::string>>;

// "17" of "market.reservation-17", when it is of the category.
std::optional<std::int64_t> number_in(std::string_view stream, std::string_view category) {
    if (eventstore::category_of(stream) != category) return std::nullopt;
    stream.remove_prefix(std::min(stream.size(), category.size() + 1));
    std::int64_t number = 0;
    const auto end = stream.data() + stream.size();
    const auto [read, code] = std::from_chars(stream.data(), end, number);
    if (code != std::errc{} || read != end) return std::nullopt;
    return number;
}

StoreResult<Keys> keys_in(const server::ViewAt& owners, const std::string& owner,
                          std::string_view category) {
    std::vector<std::string> keys;
    std::size_t streams = 0;
    const auto take = [&](std::string_view stream) {
        if (const auto number = number_in(stream, category))
            keys.push_back(projections::number_key(*number));
        return ++streams <= most_own_keys;
    };
    const auto scanned = owners.rows->scan_index(*owners.build, "owner", owner, false, take);
    if (!scanned) return std::unexpected(scanned.error());
    if (streams > most_own_keys) return std::nullopt;
    std::ranges::sort(keys);
    return keys;
}

}  // namespace

boost::asio::awaitable<StoreResult<Keys>> own_keys(server::Reads& reads, const http::Caller& caller,
                                                   const projections::View& view,
                                                   eventstore::Position position) {
    const auto subject = view.subject();
    if (subject.field != "id" || subject.category.empty()) co_return std::nullopt;
    const auto owners = co_await reads.fresh(std::string{Owners::name}, {});
    if (owners.position < position) co_return std::nullopt;
    co_return keys_in(owners, owner_name(caller), subject.category);
}

}  // namespace yeyak::api
