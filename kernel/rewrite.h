// What this program keeps of an event that is recorded: its payload is read and written again in
// the very shape it was recorded in, old or new. What is missing from the answer would be lost.
// Defined in json_impl.h.
#pragma once
#include <expected>
#include <string>
#include <string_view>

#include "kernel/json.h"

namespace yeyak {

template <class Event>
std::expected<std::string, JsonError> rewrite_event(std::string_view type,
                                                    std::string_view payload);

}  // namespace yeyak
