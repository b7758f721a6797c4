// The streams of a program: those whose names begin with one of the prefixes that its token gives,
// for reading (streams_read) and for writing (streams_write) apart. An empty prefix is every
// stream. Who reaches more than his own, or is not asked who he is (null), has them all.
#pragma once
#include <string_view>

#include "api/http/http.h"
#include "eventstore/event_store.h"

namespace yeyak::api {

bool may_read(const http::Caller* caller, std::string_view stream);
bool may_write(const http::Caller* caller, std::string_view stream);
// Whether the filter finds events of such streams alone. It must name categories; "orders-" is
// enough for the category orders.
bool may_read(const http::Caller* caller, const eventstore::Filter& filter);

// 403: says nothing of whether the stream is there.
http::Response stream_not_yours(std::string_view stream);
http::Response condition_not_yours();

}  // namespace yeyak::api
