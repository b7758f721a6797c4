// Seals the fields of one person; PersonKeys gives it out. Any thread.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "privacy/seal.h"

namespace yeyak::privacy {

class Sealer {
  public:
    Sealer(std::string key_name, std::shared_ptr<const PersonKey> key)
        : key_name_(std::move(key_name)), key_(std::move(key)) {}
    std::string operator()(Purpose purpose, std::string_view plaintext) const {
        return key_->seal(key_name_, purpose, plaintext);
    }

  private:
    std::string key_name_;
    std::shared_ptr<const PersonKey> key_;
};

}  // namespace yeyak::privacy
