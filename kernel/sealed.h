// What the log may hold of a person: texts that were sealed, and tokens that stand for a number.
// Both are made where the keys are (privacy/) and read back by the codec, by nothing else: a plain
// text cannot become one. Which fields must be of these types: kernel/personal_fields.h.
#pragma once
#include <compare>
#include <string>
#include <type_traits>
#include <utility>

namespace yeyak {

namespace privacy {
class Sealer;
class Vault;
}  // namespace privacy

// A personal text, encrypted with a key of its person (privacy/seal.h); empty when none was given.
class Sealed {
  public:
    Sealed() = default;
    // As it is kept: nobody reads it without the key.
    const std::string& text() const { return text_; }
    bool empty() const { return text_.empty(); }
    friend auto operator<=>(const Sealed&, const Sealed&) = default;

  private:
    friend class privacy::Sealer;
    explicit Sealed(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

// A keyed hash of a card number, by which the payment provider knows the card; empty when none was
// given.
class CardToken {
  public:
    CardToken() = default;
    const std::string& text() const { return text_; }
    bool empty() const { return text_.empty(); }
    friend auto operator<=>(const CardToken&, const CardToken&) = default;

  private:
    friend class privacy::Vault;
    explicit CardToken(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

// The codec reads and writes the text inside.
static_assert(std::is_standard_layout_v<Sealed> && std::is_standard_layout_v<CardToken>);

}  // namespace yeyak
