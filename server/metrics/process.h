// What the operating system says of this process, under the names that Prometheus gives such
// figures.
#pragma once
#include <cstdint>

namespace yeyak::server {

struct ProcessFigures {
    double cpu_seconds = 0;
    double started = 0;  // seconds since 1970
    std::uint64_t resident_bytes = 0;
    std::uint64_t virtual_bytes = 0;
    std::uint64_t descriptors = 0;
    std::uint64_t most_descriptors = 0;
    std::uint64_t threads = 0;
};

ProcessFigures process_figures();

}  // namespace yeyak::server
