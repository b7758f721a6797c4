// Numbers as people type them, and the one spelling they are kept in.

#include "kernel/normal_number.h"

#include <gtest/gtest.h>

#include "privacy/person.h"
#include "program/systems.h"
#include "tests/api/temp_folder.h"

namespace yeyak::privacy {
namespace {

// "12가 3456" in its usual form, and with the syllable as two letters.
constexpr std::string_view composed = "12\xea\xb0\x80 3456";
constexpr std::string_view decomposed = "12\xe1\x84\x80\xe1\x85\xa1 3456";

TEST(NormalNumber, is_the_same_with_spaces_hyphens_and_decomposed_letters) {
    const auto normal = normal_number(composed);
    EXPECT_EQ(normal,
              "12\xea\xb0\x80"
              "3456");
    for (const auto typed : {decomposed,
                             std::string_view{"12\xea\xb0\x80"
                                              "3456"},
                             std::string_view{" 12\xea\xb0\x80-3456 "},
                             std::string_view{"12\xea\xb0\x80\xe3\x80\x80"
                                              "3456"},  // wide space
                             std::string_view{"12\xea\xb0\x80\xc2\xa0"
                                              "3456"},  // no-break
                             std::string_view{"12\xea\xb0\x80\xe2\x80\x8b"
                                              "3456"},  // not seen
                             std::string_view{"\xef\xbc\x91\xef\xbc\x92\xea\xb0\x80"
                                              "3456"}})
        EXPECT_EQ(normal_number(typed), normal) << typed;
}

TEST(NormalNumber, of_latin_plates_is_upper_case) {
    EXPECT_EQ(normal_number("m-ab 123e"), "MAB123E");
    EXPECT_EQ(normal_number("0101"), "0101");
}

TEST(NormalNumber, is_itself_its_normal_number) {
    for (const auto typed : {composed, decomposed, std::string_view{"m-ab 1"}})
        EXPECT_EQ(normal_number(normal_number(typed)), normal_number(typed));
}

TEST(NormalNumber, of_what_is_nothing_or_no_text_is_the_same) {
    EXPECT_EQ(normal_number(""), "");
    EXPECT_EQ(normal_number(" - "), "");
    EXPECT_EQ(normal_number("x-\xff"), "x-\xff");
}

TEST(NormalNumber, finds_the_key_of_a_vehicle_however_it_is_spelt) {
    const api::TempFolder folder;
    const auto vault = *Vault::open(folder.path() / "card.key", IfMissing::make);
    const auto key_of = [&](std::string_view number) {
        return parse_person(program::people(), vault, "repairshop/vehicle:" + std::string{number})
            ->key_names.front();
    };
    EXPECT_EQ(key_of(composed), key_of(decomposed));
    EXPECT_EQ(key_of(composed), key_of("12\xea\xb0\x80"
                                       "3456"));
    EXPECT_NE(key_of(composed), key_of("12\xea\xb0\x80"
                                       "3457"));
}

TEST(RegistrationNumber, is_found_in_a_text_however_it_is_typed) {
    for (const char* text : {"890309-2766876", "asked by 890309 - 2766876, by letter",
                             "8903092766876", "no:8903092766876.",
                             "890309\xe2\x80\x93"
                             "2766876",
                             "\xef\xbc\x98\xef\xbc\x99"
                             "0309-2766876",
                             "clerk:890309-2766876"})
        EXPECT_TRUE(mentions_registration_number(text)) << text;
}

TEST(RegistrationNumber, is_not_seen_in_other_numbers) {
    for (const char* text :
         {"", "case 2026-117", "891309-2766876", "890332-2766876", "890309-276687",
          "890309-27668761", "1890309-2766876", "890309_2766876", "89030927668761", "010-1234-5678",
          "1234-1234-1234-1234"})
        EXPECT_FALSE(mentions_registration_number(text)) << text;
}

TEST(RegistrationNumber, in_one_run_of_digits_may_be_a_time_of_a_program) {
    EXPECT_FALSE(mentions_registration_number("8903092766876", Spelling::separated));
    EXPECT_TRUE(mentions_registration_number("890309-2766876", Spelling::separated));
}

}  // namespace
}  // namespace yeyak::privacy
