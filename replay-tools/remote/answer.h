// What came back for one request.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yeyak::remote {

struct Answer {
    int status = 0;            // 0: there was none, and `error` says why
    std::string error;         // of the connection
    bool unreachable = false;  // nobody takes connections there
    std::chrono::milliseconds retry_after{0};
    bool replayed = false;  // the server gives the answer that this key was given before
    std::optional<std::uint64_t> next_after;  // there is more after this position
    std::string body;

    bool ok() const { return status >= 200 && status < 300; }

    // A value of the body by its JSON pointer: number("/id"), text("/0/date").
    std::optional<std::int64_t> number(std::string_view pointer) const;
    std::optional<std::string> text(std::string_view pointer) const;
};

}  // namespace yeyak::remote
