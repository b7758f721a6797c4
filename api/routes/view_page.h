// Lists of view rows: one page of them, filtered and sorted, and single rows, as HAL resources.
//
//   GET /myReservations?userId=1&status=paid&page=0&size=20&sort=price,desc
//
// A read is as fresh as the log when it arrived, for which it waits a moment; minPosition asks for
// at least the position that a command answered, and is refused with 409 when the view does not get
// there in time; consistency=eventual does not wait at all. Every answer says how far the view was
// (Yeyak-Position) and how far behind the log (Yeyak-Lag).
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "api/access/ownership.h"
#include "api/http/http.h"
#include "api/http/router.h"
#include "api/routes/server.h"
#include "privacy/seal.h"

namespace yeyak::api {

// A filter whose field is sealed with a key that follows from the value looked for.
struct SealedFilter {
    std::string field;
    privacy::Purpose purpose;
    std::string (*handle)(std::string_view value);  // of the person; see aggregates/engine/people.h
    std::string (*normal)(std::string_view value);  // as it is kept, however it is typed
};

// What a field that is a text in the row can say. An empty one is that of a row without it.
struct FilterWords {
    std::string field;
    std::vector<std::string> words;
};

struct ViewResource {
    enum class Key { number, text };
    std::string view;                  // name of the view, unique over all systems
    std::string path;                  // where it is listed, also its name in HAL: "payments"
    std::string item;                  // of one row in links: "payment"
    std::vector<std::string> filters;  // fields that a list can be filtered by
    std::vector<std::string> indexed;  // those of them that the view has an index for
    std::vector<std::string> sortable;
    bool hides_cancelled = false;  // listed only with includeCancelled=true
    // Whether a row that left the list is still shown by its id; null: no row is.
    bool (*shown_by_id)(std::string_view row) = nullptr;
    Key key = Key::number;  // of a row, which is also its field "id"
    bool plain = false;     // a list is a JSON array of rows without links
    std::vector<SealedFilter> sealed = {};
    std::vector<FilterWords> words = {};  // of filters by a state
    About about = nullptr;                // see ownership.h
};

// Null when the field is no text of few words.
const std::vector<std::string>* words_of(const ViewResource& resource, std::string_view field);

// Registers GET {prefix}/{path} and GET {prefix}/{path}/{id}. `tag` groups them in the API's
// description. A caller who reaches his own things only is told of no other row.
void add_view_routes(http::Router& router, server::Reads& reads, const Mount& mount,
                     const ViewResource& resource, std::string_view tag);

// The list alone, with filters that the path gives. `resource` lives as long as the routes.
using Filters = std::vector<std::pair<std::string, std::string>>;
boost::asio::awaitable<http::Response> answer_list(server::Reads& reads, Mount mount,
                                                   const ViewResource& resource,
                                                   http::Request& request, Filters fixed);
http::RouteDoc list_doc(const server::Reads& reads, const ViewResource& resource,
                        std::string_view tag);

http::RouteDoc row_doc(const server::Reads& reads, const ViewResource& resource,
                       std::string_view tag);

// So that the first row of any page has a number: a list has no last page that cannot be asked for.
inline constexpr std::int64_t max_page = 1'000'000'000'000'000;

// A row's JSON with its links, as one text.
std::string hal_row(std::string_view base, const Mount& mount, const ViewResource& resource,
                    std::string_view id, std::string_view row);

}  // namespace yeyak::api
