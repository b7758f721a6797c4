// SIGINT and SIGTERM while a command has something to tidy up: long loops ask interrupted() and end
// in order. Outside of a guard the signals end the process at once, as they always do.
#pragma once

namespace yeyak::tools {

class InterruptGuard {
  public:
    InterruptGuard();
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;
};

bool interrupted();

}  // namespace yeyak::tools
