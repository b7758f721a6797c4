// How `yeyak` ends, for scripts. Numbers never change their meaning.
#pragma once
#include <string>
#include <string_view>

#include "eventstore/event_store.h"

namespace yeyak::tools {

enum class ExitCode : int {
    ok = 0,
    failed = 1,         // a check failed, or a difference was found
    usage = 2,          // the command line is wrong
    cannot_read = 3,    // the data cannot be opened, read or written
    in_use = 4,         // another process has the data open
    no_server = 5,      // nobody answers at the address
    not_checked = 6,    // nothing wrong was found, but not all could be checked
    cannot_listen = 7,  // the port of the server to be started is in use
    internal = 70,      // a defect of this program
    disk_failed = 74,   // while serving
    interrupted = 130,
};

inline int to_int(ExitCode code) { return static_cast<int>(code); }

// For the end of every help text.
std::string exit_code_help();

// in_use when the error says that another process holds a lock, cannot_read otherwise.
ExitCode exit_code_of(const eventstore::StoreError& error);

// Prints why a command cannot go on and answers its exit code.
int refuse(const eventstore::StoreError& error);

}  // namespace yeyak::tools
