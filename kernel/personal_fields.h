// Which fields of events, commands, effects and states are about a person: those whose name has one
// of the words below. Such a field is Sealed or a CardToken (kernel/sealed.h); as a plain text it
// does not build, wherever it stands. This list is the only place: a change of it is a change of
// what the log may tell for ever.
#pragma once
#include <algorithm>
#include <array>
#include <string_view>

namespace yeyak {

// `user_reg_number` has the words user, reg and number.
inline constexpr std::array<std::string_view, 14> personal_words{
    "address", "birth", "birthday", "card",         "email", "mail",    "passport",
    "phone",   "plate", "reg",      "registration", "vehi",  "vehicle", "mobile"};

// A name is a person's, unless it is said here whose else it is: product_name, hospital_name.
inline constexpr std::array<std::string_view, 2> things_with_names{"hospital", "product"};

constexpr bool is_about_a_person(std::string_view field) {
    const auto among = [](const auto& words, std::string_view word) {
        return std::ranges::find(words, word) != words.end();
    };
    std::string_view before;
    while (!field.empty()) {
        const auto word = field.substr(0, field.find('_'));
        if (among(personal_words, word)) return true;
        if (word == "name" && !among(things_with_names, before)) return true;
        before = word;
        field.remove_prefix(std::min(field.size(), word.size() + 1));
    }
    return false;
}

}  // namespace yeyak
