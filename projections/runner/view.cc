#include <algorithm>

#include "projections/runner/projector.h"
#include "projections/runner/row_fields.h"

namespace yeyak::projections {

std::string stream_of_row(const View& view, std::string_view row) {
    const auto subject = view.subject();
    if (subject.field.empty()) return {};
    auto number = text_of(field_of(row, subject.field));
    if (subject.category.empty()) return number;
    return std::string{subject.category} + '-' + number;
}

const View* find_view(const Views& views, std::string_view name) {
    const auto found =
        std::ranges::find(views, name, [](const auto& view) { return view->name(); });
    return found == views.end() ? nullptr : found->get();
}

}  // namespace yeyak::projections
