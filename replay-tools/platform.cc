#include "replay-tools/platform.h"

namespace yeyak::tools {

std::vector<std::string> view_names(const Platform& platform, bool with_all) {
    std::vector<std::string> names;
    if (with_all) names.emplace_back("all");
    for (const auto& view : platform.views) names.emplace_back(view->name());
    return names;
}

}  // namespace yeyak::tools
