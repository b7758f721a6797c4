// How far a long command has come, on standard error: a bar that is redrawn on a terminal, a plain
// line every few seconds otherwise. One thread.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>

namespace yeyak::tools {

class Progress {
  public:
    // `unit` names what is counted: "events".
    Progress(std::string what, std::uint64_t total, std::string unit = "events");
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void reached(std::uint64_t done);
    // Removes the bar, so that a result can be printed. Also done by the destructor.
    void clear();
    double seconds() const;

    // Nothing is shown from now on, in the whole process; for tests.
    static void silence();

  private:
    using Clock = std::chrono::steady_clock;
    void show(std::uint64_t done);

    std::string what_;
    std::uint64_t total_;
    std::string unit_;
    bool terminal_;
    bool drawn_ = false;
    Clock::time_point began_ = Clock::now();
    Clock::time_point shown_ = began_;
};

// 1234567 -> "1,234,567".
std::string grouped(std::uint64_t number);

}  // namespace yeyak::tools
