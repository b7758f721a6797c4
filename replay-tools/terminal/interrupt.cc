#include "replay-tools/terminal/interrupt.h"

#include <csignal>

namespace yeyak::tools {
namespace {

volatile std::sig_atomic_t signalled = 0;
struct sigaction former_int;
struct sigaction former_term;

extern "C" void on_signal(int) { signalled = 1; }

}  // namespace

InterruptGuard::InterruptGuard() {
    signalled = 0;
    struct sigaction action = {};
    action.sa_handler = on_signal;
    // The second signal of an impatient user ends the process.
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(SIGINT, &action, &former_int);
    sigaction(SIGTERM, &action, &former_term);
}

InterruptGuard::~InterruptGuard() {
    sigaction(SIGINT, &former_int, nullptr);
    sigaction(SIGTERM, &former_term, nullptr);
}

bool interrupted() { return signalled != 0; }

}  // namespace yeyak::tools
