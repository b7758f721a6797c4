#include "replay-tools/exit_code.h"

#include <fmt/format.h>

#include <cstdio>

namespace yeyak::tools {

std::string exit_code_help() {
    return "Exit codes:\n"
           "  0    all is well\n"
           "  1    a check failed, or a difference was found\n"
           "  2    the command line is wrong\n"
           "  3    the data cannot be opened, read or written\n"
           "  4    the data is in use by another process\n"
           "  5    no server answers\n"
           "  6    nothing is wrong, but not all could be checked\n"
           "  7    the port is in use, or cannot be listened on\n"
           "  70   an internal error: please report it\n"
           "  74   the disk failed while serving\n"
           "  130  interrupted\n";
}

ExitCode exit_code_of(const eventstore::StoreError& error) {
    const bool locked = error.detail.find("is in use by another process") != std::string::npos;
    return locked ? ExitCode::in_use : ExitCode::cannot_read;
}

int refuse(const eventstore::StoreError& error) {
    fmt::print(stderr, "yeyak: {}\n", error.detail);
    return to_int(exit_code_of(error));
}

}  // namespace yeyak::tools
