// How help is written: folded to the width of the terminal, and for every option in the same order
// what it is for, what it may be, what it is when nobody says.
#pragma once
#include <CLI/App.hpp>

namespace yeyak::tools {

class Help final : public CLI::FormatterBase {
  public:
    std::string make_help(const CLI::App* app, std::string name,
                          CLI::AppFormatMode mode) const override;
};

}  // namespace yeyak::tools
