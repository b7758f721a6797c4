// How the descriptors of the process are shared out. The store must always be able to open its
// files: a log that cannot is a failed log, and ends the process. So connections get what is left.
#pragma once
#include <cstddef>
#include <expected>
#include <string>

namespace yeyak::server {

// Lets this process open as many files as it is allowed to: raises the soft limit to the hard one.
// Gives the limit that holds then.
std::size_t raise_descriptor_limit();
std::size_t descriptor_limit();

struct DescriptorPlan {
    std::size_t connections = 0;
    std::size_t turned_away = 0;  // connections that are only told so
    int log_files = -1;           // that the log keeps open; -1: all that it has
    int view_files = -1;
    int past_view_files = -1;  // of each view as of an earlier position
};

// For at most `connections`, and so many views as of earlier positions. With a limit of 65,536 or
// more the store opens what it likes. An error, with what to do, when the limit is too low.
std::expected<DescriptorPlan, std::string> plan_descriptors(std::size_t limit,
                                                            std::size_t connections,
                                                            std::size_t past_views);

}  // namespace yeyak::server
