// Seals the fields of one person: the only thing that makes Sealed of a plain text. PersonKeys
// gives it out. Any thread.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "kernel/ensure.h"
#include "kernel/sealed.h"
#include "privacy/personal.h"
#include "privacy/seal.h"

namespace yeyak::privacy {

class Sealer {
  public:
    // Of nobody: it seals empty texts only.
    Sealer() = default;
    Sealer(std::string key_name, std::shared_ptr<const PersonKey> key)
        : key_name_(std::move(key_name)), key_(std::move(key)) {}

    template <Purpose purpose>
    Sealed operator()(const Personal<purpose>& text) const {
        if (text.empty()) return {};
        ensure(key_ != nullptr, "what is sealed has a person");
        return Sealed{as_kept(purpose, text.plain())};
    }

    // The text that a field with this content was kept as: to look for it.
    std::string as_kept(Purpose purpose, std::string_view plaintext) const {
        return key_->seal(key_name_, purpose, plaintext);
    }

  private:
    friend class PersonKeys;
    std::string key_name_;
    std::shared_ptr<const PersonKey> key_;
};

}  // namespace yeyak::privacy
