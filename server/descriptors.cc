#include "server/descriptors.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>

namespace yeyak::server {
namespace {

constexpr std::size_t plenty = 65'536;
// The program itself: its own log, keys, tiles, the witness, deliveries, a backup under way.
constexpr std::size_t for_the_program = 96;
// Beside the tables of a database: its lock, manifest, logs and folders.
constexpr std::size_t beside_tables = 8;
constexpr std::size_t least_files = 20;  // that RocksDB works with
constexpr std::size_t most_turned_away = 256;

std::size_t now(const rlimit& limit) {
    return limit.rlim_cur == RLIM_INFINITY ? plenty : static_cast<std::size_t>(limit.rlim_cur);
}

}  // namespace

std::size_t descriptor_limit() {
    rlimit limit{};
    return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? now(limit) : 1024;
}

std::size_t raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);  // refused: what is allowed already must do
    }
    return descriptor_limit();
}

std::expected<DescriptorPlan, std::string> plan_descriptors(std::size_t limit,
                                                            std::size_t connections,
                                                            std::size_t past_views) {
    DescriptorPlan plan;
    plan.turned_away = std::min(most_turned_away, limit / 16);
    std::size_t kept = for_the_program + plan.turned_away;
    if (limit >= plenty) {
        kept += plenty / 2;
    } else {
        // Two more than are kept: one is being built from a copy of another.
        const std::size_t past = (past_views + 2) * (least_files + beside_tables);
        const std::size_t rest = limit - std::min(limit, kept + past);
        const std::size_t log = std::max(least_files, rest / 4);
        const std::size_t views = std::max(least_files, rest / 8);
        plan.log_files = static_cast<int>(log);
        plan.view_files = static_cast<int>(views);
        plan.past_view_files = least_files;
        kept += past + log + views + 2 * beside_tables;
    }
    constexpr std::size_t least_connections = 16;
    if (limit < kept + least_connections)
        return std::unexpected(
            fmt::format("this process may open {} files, which is too few: the store and {} views "
                        "as of earlier positions need {}; raise the limit (ulimit -n, "
                        "LimitNOFILE=) or lower views.as_of_builds",
                        limit, past_views, kept + least_connections));
    plan.connections = std::min(connections, limit - kept);
    return plan;
}

}  // namespace yeyak::server
