#include "replay-tools/terminal/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "replay-tools/terminal/quantity.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::tools {
namespace {

constexpr std::chrono::milliseconds redraw_after{100};
constexpr std::chrono::seconds line_after{5};
constexpr std::size_t bar_cells = 24;

bool silent = false;

std::string time_text(double seconds) {
    const auto whole = static_cast<std::int64_t>(std::max(0.0, seconds));
    if (whole < 60) return fmt::format("{} s", whole);
    if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
    return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

}  // namespace

Progress::Progress(std::string what, std::uint64_t total, std::string unit)
    : what_(std::move(what)),
      total_(total),
      unit_(std::move(unit)),
      terminal_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() { clear(); }

void Progress::silence() { silent = true; }

double Progress::seconds() const {
    return std::chrono::duration<double>(Clock::now() - began_).count();
}

void Progress::clear() {
    if (!drawn_) return;
    fmt::print(stderr, "\r\033[K");
    std::fflush(stderr);
    drawn_ = false;
}

void Progress::reached(std::uint64_t done, const std::string& note) {
    if (silent) return;
    const auto now = Clock::now();
    const auto wait = terminal_ ? Clock::duration{redraw_after} : Clock::duration{line_after};
    if (now - shown_ < wait) return;
    shown_ = now;
    show(done, note);
}

std::string Progress::amount(std::uint64_t done, bool with_unit) const {
    if (unit_ == bytes) return size_text(done);
    if (unit_ == seconds_passed) return time_text(static_cast<double>(done));
    return with_unit ? fmt::format("{} {}", grouped(done), unit_) : grouped(done);
}

std::string Progress::numbers_of(std::uint64_t done) const {
    const bool time = unit_ == seconds_passed;
    const double rate = time ? 1.0 : static_cast<double>(done) / std::max(seconds(), 1e-3);
    auto speed = amount(static_cast<std::uint64_t>(rate)) + "/s, ";
    if (time) speed.clear();
    if (total_ == 0) return fmt::format("{}{} so far", speed, amount(done));
    const auto left =
        rate < 1 ? "?" : time_text(static_cast<double>(total_ - std::min(done, total_)) / rate);
    const double share = static_cast<double>(done) / static_cast<double>(total_);
    return fmt::format("{:3.0f} %, {} of {}, {}{} left", share * 100, amount(done, false),
                       amount(total_), speed, left);
}

void Progress::show(std::uint64_t done, const std::string& note) {
    const auto numbers = numbers_of(done) + (note.empty() ? "" : "; " + note);
    if (!terminal_) {
        fmt::print(stderr, "{}: {}\n", what_, numbers);
        return;
    }
    draw(total_ == 0 ? 0.0 : static_cast<double>(done) / static_cast<double>(total_), numbers);
}

// One line, however narrow the terminal is: a longer one could not be drawn over. The bar goes
// first, then the end of the numbers.
void Progress::draw(double share, const std::string& numbers) {
    const auto columns = terminal_columns(STDERR_FILENO).value_or(80) - 1;
    const auto full = static_cast<std::size_t>(std::min(1.0, share) * bar_cells);
    auto line =
        fmt::format("{} [{:=<{}}{:<{}}] {}", what_, "", full, "", bar_cells - full, numbers);
    if (total_ == 0 || display_width(line) > columns) line = fmt::format("{}: {}", what_, numbers);
    fmt::print(stderr, "\r\033[K{}", clipped(line, columns));
    std::fflush(stderr);
    drawn_ = true;
}

}  // namespace yeyak::tools
