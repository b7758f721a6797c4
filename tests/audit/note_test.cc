#include "audit/proofs/note.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/proofs/checkpoint.h"
#include "tests/audit/samples.h"

namespace yeyak::audit {
namespace {

// The example of the notes that Go's checksum database is made of, by another implementation.
constexpr std::string_view foreign_key =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view foreign_text =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
constexpr std::string_view foreign_signature =
    "\u2014 PeterNeumann "
    "x08go/ZJkuBS9UG/"
    "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

TEST(Note, of_another_implementation_opens) {
    const auto key = VerifierKey::parse(foreign_key);
    ASSERT_TRUE(key) << key.error();
    EXPECT_EQ(key->text(), foreign_key);
    const auto note = std::string{foreign_text} + "\n" + std::string{foreign_signature};
    EXPECT_EQ(open_note(note, *key).value(), foreign_text);
}

TEST(Note, keys_of_other_logs_are_read) {
    const auto key =
        VerifierKey::parse("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8");
    ASSERT_TRUE(key) << key.error();
    EXPECT_EQ(key->name(), "sum.golang.org");
}

TEST(Note, signed_is_opened) {
    const auto key = sample_key();
    const auto note = sign_note("one\n\ntwo\n", key);
    EXPECT_EQ(open_note(note, key.verifier()).value(), "one\n\ntwo\n");
    EXPECT_FALSE(open_note(note, sample_key("yeyak", 2).verifier()));
    EXPECT_FALSE(open_note(note, sample_key("other", 1).verifier()));
}

TEST(Note, signatures_of_witnesses_are_left_alone) {
    const auto key = sample_key();
    auto note = sign_note("text\n", key) + std::string{foreign_signature};
    EXPECT_EQ(open_note(note, key.verifier()).value(), "text\n");
    const auto other = sign_note("other\n", key);
    note += other.substr(other.find("\u2014"));
    EXPECT_FALSE(open_note(note, key.verifier())) << "one signature of the key is wrong";
}

TEST(Note, what_is_no_note_is_refused) {
    const auto key = sample_key();
    const auto note = sign_note("text\n", key);
    const auto line = note.substr(note.find("\u2014"));
    const std::string wrong[] = {"",
                                 "text\n",
                                 "text\n\n",
                                 note.substr(0, note.size() - 1),
                                 note + "\n",
                                 note + "- yeyak AAAAAAA=\n",
                                 note + "\u2014 yeyak\n",
                                 note + "\u2014 ye yak AAAAAAA=\n",
                                 note + "\u2014 yeyak AAAA\n",
                                 "te\rxt\n\n" + line,
                                 "te\xffxt\n\n" + line,
                                 std::string(1 << 20, 'x') + note};
    for (const auto& each : wrong) EXPECT_FALSE(open_note(each, key.verifier())) << each;
    std::string many = "text\n\n";
    for (int i = 0; i < 101; ++i) many += line;
    EXPECT_FALSE(open_note(many, key.verifier()));
}

TEST(Key, text_and_pem_come_back) {
    const auto key = SigningKey::generate("yeyak/test").value();
    const auto again = SigningKey::from_pem("yeyak/test", key.pem()).value();
    EXPECT_EQ(again.verifier().text(), key.verifier().text());
    EXPECT_TRUE(key.verifier().verifies("m", again.sign("m")));
    EXPECT_EQ(VerifierKey::parse(key.verifier().text() + "\n").value().text(),
              key.verifier().text());
}

TEST(Key, what_is_none_is_refused) {
    for (const auto* text : {"", "yeyak", "yeyak+00000000",
                             "yeyak+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                             "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                             "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",
                             "PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"})
        EXPECT_FALSE(VerifierKey::parse(text)) << text;
    EXPECT_FALSE(SigningKey::from_pem("yeyak", "nothing"));
    EXPECT_FALSE(SigningKey::generate("two words"));
    EXPECT_FALSE(SigningKey::generate("a+b"));
    EXPECT_FALSE(SigningKey::generate(""));
}

TEST(Checkpoint, is_the_text_of_the_specification) {
    const auto key = sample_key();
    const auto made = sign_checkpoint({15, sample_leaf(0)}, key);
    EXPECT_THAT(made.note,
                testing::StartsWith(checkpoint_text(made.checkpoint) + "\n\u2014 yeyak "));
    const auto opened = open_checkpoint(made.note, key.verifier());
    ASSERT_TRUE(opened) << opened.error();
    EXPECT_EQ(opened->origin, "yeyak");
    EXPECT_EQ(opened->head.size, 15u);
    EXPECT_EQ(opened->head.root, sample_leaf(0));
}

TEST(Checkpoint, extensions_are_kept) {
    Checkpoint checkpoint{"yeyak", {3, sample_leaf(1)}, {"witnessed by nobody"}};
    const auto again = parse_checkpoint(checkpoint_text(checkpoint));
    ASSERT_TRUE(again) << again.error();
    EXPECT_EQ(again->extensions, checkpoint.extensions);
}

TEST(Checkpoint, of_another_log_is_refused_though_the_key_signed_it) {
    const auto key = sample_key();
    const auto note = sign_note(checkpoint_text({"other", {3, sample_leaf(1)}}), key);
    EXPECT_FALSE(open_checkpoint(note, key.verifier()));
}

TEST(Checkpoint, what_is_none_is_refused) {
    const std::string root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    ASSERT_TRUE(parse_checkpoint("yeyak\n15\n" + root + "\n"));
    for (const auto& text : std::vector<std::string>{
             "", "yeyak\n15\n" + root, "yeyak\n015\n" + root + "\n", "yeyak\n-1\n" + root + "\n",
             "yeyak\n18446744073709551616\n" + root + "\n", "\n15\n" + root + "\n", "yeyak\n15\n\n",
             "yeyak\n15\nAAAA\n", "yeyak\n15\n" + root + "\n\n", "yeyak\n15 \n" + root + "\n"})
        EXPECT_FALSE(parse_checkpoint(text)) << text;
}

}  // namespace
}  // namespace yeyak::audit
