// Card numbers: what is masked, what the token depends on, what is refused, where the key is kept.
#include "privacy/vault.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/api/temp_folder.h"

namespace yeyak::api {
namespace {

privacy::Vault vault_in(const std::filesystem::path& folder) {
    auto vault = privacy::Vault::open(folder / "card.key", privacy::IfMissing::make);
    EXPECT_TRUE(vault.has_value()) << vault.error();
    return *vault;
}

TEST(Card, shows_its_issuer_and_the_last_four_digits_and_keeps_the_groups) {
    const TempFolder folder;
    const auto vault = vault_in(folder.path());
    EXPECT_EQ(vault.card(privacy::CardNumber{"1234-1234-1234-1234"})->masked.plain(),
              "1234-1234-****-1234");
    EXPECT_EQ(vault.card(privacy::CardNumber{"1234 1234 1234 1234"})->masked.plain(),
              "1234 1234 **** 1234");
    EXPECT_EQ(vault.card(privacy::CardNumber{"1234 123412 12345"})->masked.plain(),
              "1234 12**** *2345")
        << "15 digits";
    const std::pair<std::string_view, std::string_view> by_length[] = {
        {"123456789012", "1234****9012"},
        {"1234567890123", "12345****0123"},
        {"12345678901234", "123456****1234"},
        {"123456789012345", "123456*****2345"},
        {"1234567890123456", "12345678****3456"},
        {"12345678901234567", "12345678*****4567"},
        {"1234567890123456789", "12345678*******6789"},
    };
    for (const auto& [number, masked] : by_length)
        EXPECT_EQ(vault.card(privacy::CardNumber{std::string{number}})->masked.plain(), masked);
}

TEST(Card, the_token_is_of_the_digits_and_the_key) {
    const TempFolder folder;
    const TempFolder other;
    const auto vault = vault_in(folder.path());
    const auto token = vault.card(privacy::CardNumber{"1234-1234-1234-1234"})->token;
    EXPECT_EQ(token.text().size(), 32u);
    EXPECT_EQ(vault.card(privacy::CardNumber{"1234123412341234"})->token, token);
    EXPECT_NE(vault.card(privacy::CardNumber{"1234-1234-1234-1235"})->token, token);
    EXPECT_NE(vault_in(other.path()).card(privacy::CardNumber{"1234-1234-1234-1234"})->token,
              token);
    EXPECT_EQ(token.text().find("1234123412341234"), std::string::npos);
}

TEST(Card, the_key_is_kept_for_its_owner_alone) {
    const TempFolder folder;
    const auto token =
        vault_in(folder.path()).card(privacy::CardNumber{"1234-1234-1234-1234"})->token;
    EXPECT_EQ(vault_in(folder.path()).card(privacy::CardNumber{"1234-1234-1234-1234"})->token,
              token)
        << "after reopening";
    struct stat info{};
    ASSERT_EQ(::stat((folder.path() / "card.key").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u);
    EXPECT_EQ(info.st_size, 32);
}

TEST(Card, refuses_what_is_no_card_number) {
    const TempFolder folder;
    const auto vault = vault_in(folder.path());
    for (const auto* text :
         {"", "1234", "12341234123", "12341234123412345678", "1234-1234-1234-123a", "-123412341234",
          "123412341234-", "1234--12341234", "1234- 12341234", "1234_12341234",
          "１２３４123412341234"})
        EXPECT_FALSE(vault.card(privacy::CardNumber{text}).has_value()) << text;
}

TEST(Card, a_key_file_of_another_size_is_refused) {
    const TempFolder folder;
    std::ofstream{folder.path() / "card.key"} << "too short";
    const auto vault = privacy::Vault::open(folder.path() / "card.key", privacy::IfMissing::make);
    ASSERT_FALSE(vault.has_value());
    EXPECT_NE(vault.error().find("must hold exactly 32 bytes"), std::string::npos);
}

TEST(Person, shows_the_date_of_birth_and_one_digit) {
    const TempFolder folder;
    const auto vault = vault_in(folder.path());
    const auto person = vault.person(privacy::RegistrationNumber{"890309-2766876"});
    ASSERT_TRUE(person);
    EXPECT_EQ(person->masked.plain(), "890309-2******");
    EXPECT_EQ(person->token.size(), 32u);
    EXPECT_EQ(vault.person(privacy::RegistrationNumber{"890309-2766876"})->token, person->token);
    EXPECT_NE(vault.person(privacy::RegistrationNumber{"890309-2766877"})->token, person->token);
    EXPECT_NE(vault.card(privacy::CardNumber{"8903092766876"})->token.text(), person->token);
}

TEST(Person, is_the_same_however_the_number_is_typed) {
    const TempFolder folder;
    const auto vault = vault_in(folder.path());
    const auto person = *vault.person(privacy::RegistrationNumber{"890309-2766876"});
    for (const char* typed : {"8903092766876", "890309 2766876", " 890309-2766876 ",
                              "890309\xe2\x80\x93"
                              "2766876",  // en dash
                              "\xef\xbc\x98\xef\xbc\x99"
                              "0309-2766876"}) {  // full-width digits
        const auto same = vault.person(privacy::RegistrationNumber{typed});
        ASSERT_TRUE(same) << typed;
        EXPECT_EQ(same->token, person.token) << typed;
        EXPECT_EQ(same->masked.plain(), person.masked.plain()) << typed;
    }
}

TEST(Person, thirteen_digits_are_a_number_and_nothing_else) {
    const TempFolder folder;
    const auto vault = vault_in(folder.path());
    for (const char* no : {"", "890309-276687", "890309-27668760", "890309_2766876",
                           "89030a-2766876", "890309-276687x"})
        EXPECT_FALSE(vault.person(privacy::RegistrationNumber{no})) << no;
}

}  // namespace
}  // namespace yeyak::api
