// Opens the sealed texts of a data folder in what a command prints, as a server does in its
// answers. The keys are opened when the first sealed text is met, read-only, also beside a server.
// Without them (no master key here) the texts stay sealed, and that is said once. One thread.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "server/config/config.h"

namespace yeyak::tools {

class Revealer {
  public:
    Revealer(server::ConfigKeys settings, std::filesystem::path data);
    ~Revealer();
    Revealer(const Revealer&) = delete;
    Revealer& operator=(const Revealer&) = delete;

    // JSON with what is sealed in it opened.
    std::string operator()(std::string_view json);

  private:
    struct Keys;
    server::ConfigKeys settings_;
    std::filesystem::path data_;
    std::unique_ptr<Keys> keys_;
    bool tried_ = false;
};

}  // namespace yeyak::tools
