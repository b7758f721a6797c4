#include "tests/kept.h"

#include "kernel/ensure.h"
#include "kernel/json_impl.h"

namespace yeyak::tests {
namespace {

template <class Text>
Text read_back(std::string_view text) {
    std::string json;
    append_json_string(json, text);
    auto read = from_json<Text>(json);
    ensure(read.has_value(), "a text that was written can be read");
    return *std::move(read);
}

}  // namespace

Sealed sealed(std::string_view text) { return read_back<Sealed>(text); }
CardToken card_token(std::string_view text) { return read_back<CardToken>(text); }

}  // namespace yeyak::tests
