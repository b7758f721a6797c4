// Asks another server for a document with GET, over https or http, and waits for it. For the thread
// that keeps the keys: it may take as long as the limit says, and as long as the system takes to
// look a name up.
#pragma once
#include <chrono>
#include <cstddef>
#include <expected>
#include <string>

namespace yeyak::server {

struct FetchLimits {
    std::chrono::milliseconds time{5'000};  // for all of it
    std::size_t bytes = 256 * 1024;
};

// The body of an answer with status 200; nothing else is an answer, so no redirection is followed:
// it would be somebody else's word. Certificates are checked against those that the system trusts.
// The error is a sentence with the address.
std::expected<std::string, std::string> fetch(const std::string& url,
                                              const FetchLimits& limits = {});

}  // namespace yeyak::server
