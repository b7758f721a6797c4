// One text for bytes, and one meaning for a text.
#include "auth/base64url.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace yeyak::auth {
namespace {

RC_GTEST_PROP(Base64url, comes_back_as_it_went, (const std::string& bytes)) {
    const auto text = base64url(bytes);
    RC_ASSERT(text.find_first_of("=+/") == text.npos);
    RC_ASSERT(from_base64url(text) == bytes);
}

RC_GTEST_PROP(Base64url, has_one_text_for_what_it_says, (const std::string& text)) {
    const auto bytes = from_base64url(text);
    if (bytes) RC_ASSERT(base64url(*bytes) == text);
}

TEST(Base64url, knows_the_vectors_of_its_document) {
    EXPECT_EQ(base64url("f"), "Zg");
    EXPECT_EQ(base64url("fo"), "Zm8");
    EXPECT_EQ(base64url("foobar"), "Zm9vYmFy");
    EXPECT_EQ(base64url("\xfb\xff"), "-_8");
    EXPECT_EQ(from_base64url(""), "");
}

TEST(Base64url, refuses_whatever_it_would_not_write) {
    for (const auto* text :
         {"Zg==", "Zg=", "Z", "Zm9vY", "Zh", "Zm 8", "Zm8\n", "+/8", "Zm8.", "Z\xc3\xa9g"})
        EXPECT_EQ(from_base64url(text), std::nullopt) << text;
    EXPECT_EQ(from_base64url(std::string_view{"Zg\0", 3}), std::nullopt);
}

}  // namespace
}  // namespace yeyak::auth
