#include "server/metrics/process.h"

#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "kernel/ensure.h"
#include "server/descriptors.h"

namespace yeyak::server {
namespace {

// proc(5), /proc/self/stat, after the name in brackets, which may hold anything: field 3 first.
struct Stat {
    std::uint64_t user_ticks = 0;      // 14
    std::uint64_t system_ticks = 0;    // 15
    std::uint64_t threads = 0;         // 20
    std::uint64_t start_ticks = 0;     // 22, since the machine started
    std::uint64_t virtual_bytes = 0;   // 23
    std::uint64_t resident_pages = 0;  // 24
};

Stat read_stat() {
    std::ifstream file{"/proc/self/stat"};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    std::istringstream fields{text.substr(text.rfind(')') + 1)};
    std::string skipped;
    const auto skip = [&](int count) {
        for (int i = 0; i < count; ++i) fields >> skipped;
    };
    Stat stat;
    skip(11);
    fields >> stat.user_ticks >> stat.system_ticks;
    skip(4);
    fields >> stat.threads;
    skip(1);
    fields >> stat.start_ticks >> stat.virtual_bytes >> stat.resident_pages;
    return stat;
}

double seconds_of(clockid_t clock) {
    timespec now{};
    ensure(clock_gettime(clock, &now) == 0, "Linux has these clocks");
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// When the machine started, in seconds since 1970. Not read from /proc/stat, which a service may be
// kept from (ProcSubset=pid).
double booted() { return seconds_of(CLOCK_REALTIME) - seconds_of(CLOCK_BOOTTIME); }

std::uint64_t open_descriptors() {
    std::error_code error;
    std::filesystem::directory_iterator at{"/proc/self/fd", error};
    const auto open = std::distance(begin(at), end(at));
    return open > 0 ? static_cast<std::uint64_t>(open - 1) : 0;  // but the one that looks
}

}  // namespace

ProcessFigures process_figures() {
    const Stat stat = read_stat();
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    ProcessFigures figures;
    figures.cpu_seconds = static_cast<double>(stat.user_ticks + stat.system_ticks) / ticks;
    figures.started = booted() + static_cast<double>(stat.start_ticks) / ticks;
    figures.resident_bytes = stat.resident_pages * static_cast<std::uint64_t>(getpagesize());
    figures.virtual_bytes = stat.virtual_bytes;
    figures.descriptors = open_descriptors();
    figures.most_descriptors = descriptor_limit();
    figures.threads = stat.threads;
    return figures;
}

}  // namespace yeyak::server
