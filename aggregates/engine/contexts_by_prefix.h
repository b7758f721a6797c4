// The contexts of an aggregate that several systems share, each with a desk of its own: the ids of
// a system's streams begin with its prefix, and what is stopped for them is its context. The list
// is handed in where the aggregate is installed; what it was built with, it answers for ever. Any
// thread.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace yeyak {

struct PrefixContext {
    std::string prefix;   // "market-"
    std::string context;  // "market.payment"
};

class ContextsByPrefix {
  public:
    // An id belongs to one system: no prefix is empty, and none begins with another one.
    explicit ContextsByPrefix(std::vector<PrefixContext> systems = {});

    // An id that no system's prefix fits is a mistake of whoever made it, and ends the process.
    std::string_view of(std::string_view id) const;
    std::vector<std::string> contexts() const;

  private:
    std::vector<PrefixContext> systems_;
};

}  // namespace yeyak
