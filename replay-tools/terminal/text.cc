#include "replay-tools/terminal/text.h"

#include <sys/ioctl.h>
#include <unistd.h>

namespace yeyak::tools {

std::size_t terminal_columns() {
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20) return size.ws_col;
    return 100;
}

}  // namespace yeyak::tools
