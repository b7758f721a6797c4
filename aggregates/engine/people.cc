#include "aggregates/engine/people.h"

#include <fmt/format.h>

#include <algorithm>

namespace yeyak {

std::optional<PersonName> parse_person_name(std::string_view name) {
    const auto slash = name.find('/');
    const auto colon = name.find(':');
    if (slash == std::string_view::npos || colon == std::string_view::npos || colon < slash)
        return std::nullopt;
    return PersonName{name.substr(0, slash), name.substr(slash + 1, colon - slash - 1),
                      name.substr(colon + 1)};
}

std::string person_name(std::string_view system, std::string_view kind, std::string_view value) {
    return fmt::format("{}/{}:{}", system, kind, value);
}

const PersonKind* find_kind(People people, const PersonName& name) {
    const auto found = std::ranges::find_if(people, [&](const PersonKind& kind) {
        return kind.system == name.system && kind.kind == name.kind;
    });
    return found == people.end() ? nullptr : &*found;
}

std::string stream_of(const PersonKind& kind, std::string_view value) {
    return kind.stream.empty() ? std::string{} : fmt::format("{}-{}", kind.stream, value);
}

}  // namespace yeyak
