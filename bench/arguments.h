// "--name value" pairs of the comparison programs. A missing or misspelt option ends the program,
// because a benchmark that silently measures its defaults is worse than none.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace yeyak::bench {

class Arguments {
  public:
    Arguments(int argc, char** argv);
    // Throws std::invalid_argument when the option was not given.
    [[nodiscard]] const std::string& text(const std::string& name) const;
    [[nodiscard]] std::uint64_t number(const std::string& name) const;
    [[nodiscard]] double seconds(const std::string& name) const;

  private:
    std::map<std::string, std::string> values_;
};

}  // namespace yeyak::bench
