// How far a long command has come, on standard error: a bar that is redrawn on a terminal, a plain
// line every few seconds otherwise. One thread.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>

namespace yeyak::tools {

class Progress {
  public:
    // What is counted. Bytes are told as sizes, seconds as times, which pass at one rate.
    static constexpr const char* bytes = "bytes";
    static constexpr const char* seconds_passed = "seconds";

    // `total` is 0 when nobody knows it.
    Progress(std::string what, std::uint64_t total, std::string unit = "events");
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    // `note` is what else is worth knowing.
    void reached(std::uint64_t done, const std::string& note = {});
    // Removes the bar, so that a result can be printed. Also done by the destructor.
    void clear();
    double seconds() const;

    // Nothing is shown from now on, in the whole process; for tests.
    static void silence();

  private:
    using Clock = std::chrono::steady_clock;
    void show(std::uint64_t done, const std::string& note);
    void draw(double share, const std::string& numbers);
    std::string numbers_of(std::uint64_t done) const;
    std::string amount(std::uint64_t done, bool with_unit = true) const;

    std::string what_;
    std::uint64_t total_;
    std::string unit_;
    bool terminal_;
    bool drawn_ = false;
    Clock::time_point began_ = Clock::now();
    Clock::time_point shown_ = began_;
};

}  // namespace yeyak::tools
