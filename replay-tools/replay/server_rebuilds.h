// What a server says of its rebuilds.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "replay-tools/remote/answer.h"

namespace yeyak::tools {

struct SeenRebuild {
    std::string view;
    std::string state;
    std::string detail;
    std::uint64_t generation = 0;
    std::uint64_t position = 0;
    std::uint64_t goal = 0;
    std::uint64_t rows = 0;
    std::uint64_t events_per_second = 0;
    std::optional<std::int64_t> seconds_left;
};

// Of an answer about one view, or about all.
std::vector<SeenRebuild> rebuilds_in(const remote::Answer& answer, std::string_view view);

// "18 rebuilds: 1 refused, 17 switched"
std::string summary_of(const std::vector<SeenRebuild>& rebuilds);

}  // namespace yeyak::tools
