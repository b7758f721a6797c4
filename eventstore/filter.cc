#include <algorithm>

#include "eventstore/event_store.h"

namespace yeyak::eventstore {

bool Filter::matches(std::string_view stream, const NewEvent& event) const {
    const auto any_of = [](const auto& wanted, std::string_view value) {
        return wanted.empty() || std::ranges::find(wanted, value) != wanted.end();
    };
    if (!any_of(categories, category_of(stream)) || !any_of(types, event.type)) return false;
    return tags.empty() ||
           std::ranges::any_of(event.tags, [&](const auto& tag) { return any_of(tags, tag); });
}

}  // namespace yeyak::eventstore
