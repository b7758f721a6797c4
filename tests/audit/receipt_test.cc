#include "audit/proofs/receipt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eventstore/record.h"
#include "tests/audit/samples.h"

namespace yeyak::audit {
namespace {

using testing::HasSubstr;

struct Sample {
    std::vector<eventstore::RecordedEvent> log = sample_log(300);
    SampleTree tree = tree_of(log);
    SigningKey key = sample_key();
    SignedCheckpoint checkpoint = sign_checkpoint(tree.head(), key);

    Receipt receipt(std::size_t position) const {
        return make_receipt(log[position - 1], checkpoint, tree.nodes()).value();
    }
};

TEST(Entry, is_what_the_leaf_hash_covers) {
    for (auto& event : sample_log(20)) {
        const auto entry = eventstore::encode_entry(event);
        EXPECT_EQ(eventstore::leaf_of_entry(entry), event.leaf);
        const auto again = eventstore::decode_entry(entry);
        ASSERT_TRUE(again) << again.error();
        EXPECT_EQ(event_json(*again), event_json(event));
        EXPECT_EQ(again->leaf, event.leaf);
    }
    EXPECT_FALSE(eventstore::decode_entry(""));
    EXPECT_FALSE(eventstore::decode_entry("1234567"));
}

TEST(Receipt, of_every_event_verifies_after_a_trip) {
    const Sample sample;
    for (std::size_t position = 1; position <= sample.log.size(); ++position) {
        const auto json = to_json(sample.receipt(position));
        const auto again = parse_receipt(json);
        ASSERT_TRUE(again) << again.error();
        EXPECT_EQ(to_json(*again), json);
        const auto proven = verify(*again, sample.key.verifier());
        ASSERT_TRUE(proven) << proven.error();
        EXPECT_EQ(proven->event.position, position);
        EXPECT_EQ(proven->checkpoint.head.size, 300u);
    }
}

TEST(Receipt, may_be_printed_with_other_white_space) {
    const Sample sample;
    auto json = to_json(sample.receipt(7));
    for (std::size_t at = 0; (at = json.find(",\"", at)) != json.npos; at += 6)
        json.replace(at, 2, " ,\n  \"");
    const auto again = parse_receipt(json + "\n");
    ASSERT_TRUE(again) << again.error();
    EXPECT_TRUE(verify(*again, sample.key.verifier()));
}

TEST(Receipt, says_why_it_is_refused) {
    const Sample sample;
    const auto good = sample.receipt(7);
    const auto why = [&](auto change) {
        auto changed = good;
        change(changed);
        const auto verified = verify(changed, sample.key.verifier());
        return verified ? std::string{"accepted"} : verified.error();
    };
    EXPECT_THAT(why([](Receipt& r) { r.leaf_index = 7; }), HasSubstr("another position"));
    EXPECT_THAT(why([](Receipt& r) { r.tree_size = 301; }), HasSubstr("another size"));
    EXPECT_THAT(why([](Receipt& r) { r.leaf_hash[0] ^= 1; }), HasSubstr("leaf hash"));
    EXPECT_THAT(why([](Receipt& r) { r.entry.back() ^= 1; }), HasSubstr("leaf hash"));
    EXPECT_THAT(why([](Receipt& r) { r.entry.pop_back(); }), HasSubstr("cannot be read"));
    EXPECT_THAT(why([](Receipt& r) { r.proof.pop_back(); }), HasSubstr("wrong length"));
    EXPECT_THAT(why([](Receipt& r) { r.proof[0][9] ^= 4; }), HasSubstr("does not lead"));
    EXPECT_THAT(why([](Receipt& r) { r.event.replace(r.event.find("user:"), 5, "user;"); }),
                HasSubstr("readable event"));
    EXPECT_THAT(why([](Receipt& r) { r.checkpoint.erase(0, 1); }), HasSubstr("was altered"));
    EXPECT_THAT(why([&](Receipt& r) {
                    const auto other = sample_key("yeyak", 2);
                    r.checkpoint = sign_checkpoint(sample.tree.head(), other).note;
                }),
                HasSubstr("not signed"));
}

TEST(Receipt, what_is_none_is_refused) {
    const Sample sample;
    const auto json = to_json(sample.receipt(7));
    const auto with = [&](std::string_view from, std::string_view to) {
        auto changed = json;
        changed.replace(changed.find(from), from.size(), to);
        return changed;
    };
    for (const auto& text :
         {std::string{}, std::string{"[]"}, json + "{}", json.substr(0, json.size() - 1),
          with("\"treeSize\":300", "\"treeSize\":300,\"treeSize\":300"),
          with("\"treeSize\":300", "\"treeSize\":\"300\""), with("\"treeSize\":300,", ""),
          with("\"treeSize\":300", "\"treeSize\":300.0"), with("\"treeSize\":300", "\"size\":300"),
          with("receipt 1", "receipt 2"), with("\"inclusionProof\":[", "\"inclusionProof\":[1,")})
        EXPECT_FALSE(parse_receipt(text)) << text;
}

TEST(Receipt, is_not_given_out_when_the_tree_is_damaged) {
    Sample sample;
    sample.tree.leaves[100][3] ^= 1;
    EXPECT_FALSE(make_receipt(sample.log[6], sample.checkpoint, sample.tree.nodes()));
    EXPECT_FALSE(make_receipt(sample.log[101], sample.checkpoint, sample.tree.nodes()));
    sample.log[0].leaf[0] ^= 1;
    EXPECT_FALSE(make_receipt(sample.log[0], sample.checkpoint, sample.tree.nodes()));
}

}  // namespace
}  // namespace yeyak::audit
