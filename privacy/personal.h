// Personal texts on their way from a request to the seal. What one is is its type, so that a body
// (api/routes/body.h) says which of its fields are personal, and nobody has to think of sealing
// them: a contract takes Sealed alone, and Sealed is made of these alone (privacy/sealer.h).
//
// Values; any thread.
#pragma once
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "kernel/sealed.h"
#include "privacy/seal.h"

namespace yeyak::privacy {

// A text that is filled by the codec, when a body is read.
class PlainText {
  public:
    PlainText() = default;
    explicit PlainText(std::string plain) : plain_(std::move(plain)) {}
    std::string_view plain() const { return plain_; }
    bool empty() const { return plain_.empty(); }

  private:
    std::string plain_;
};

// To be sealed as it is.
template <Purpose purpose>
class Personal : public PlainText {
    using PlainText::PlainText;
};
using Address = Personal<Purpose::address>;
using PersonName = Personal<Purpose::name>;
using VehicleNumber = Personal<Purpose::vehicle>;
using MaskedCardNumber = Personal<Purpose::card>;
using MaskedRegistrationNumber = Personal<Purpose::registration>;

// In full: masked before it is sealed (privacy/vault.h); nothing seals it as it is.
class CardNumber : public PlainText {
    using PlainText::PlainText;
};
class RegistrationNumber : public PlainText {
    using PlainText::PlainText;
};

struct MaskedCard {
    MaskedCardNumber masked;
    CardToken token;
};
struct MaskedPerson {
    MaskedRegistrationNumber masked;
    std::string token;  // 32 hexadecimal digits
};

// The codec reads and writes the text inside.
static_assert(std::is_standard_layout_v<Address> && std::is_standard_layout_v<CardNumber>);

}  // namespace yeyak::privacy
