#include "bench/arguments.h"

#include <stdexcept>

namespace yeyak::bench {

Arguments::Arguments(int argc, char** argv) {
    for (int i = 1; i < argc; i += 2) {
        const std::string name = argv[i];
        if (!name.starts_with("--") || i + 1 >= argc) {
            throw std::invalid_argument("expected --name value, got " + name);
        }
        values_[name.substr(2)] = argv[i + 1];
    }
}

const std::string& Arguments::text(const std::string& name) const {
    const auto found = values_.find(name);
    if (found == values_.end()) throw std::invalid_argument("missing option --" + name);
    return found->second;
}

std::uint64_t Arguments::number(const std::string& name) const { return std::stoull(text(name)); }

double Arguments::seconds(const std::string& name) const { return std::stod(text(name)); }

}  // namespace yeyak::bench
