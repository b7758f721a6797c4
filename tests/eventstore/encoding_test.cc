// Every byte of a record, a posting block and a witness: as FORMAT.md says, and refused when it is
// not.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>
#include <rocksdb/file_system.h>

#include <fstream>
#include <set>

#include "eventstore/bytes.h"
#include "eventstore/hash.h"
#include "eventstore/postings.h"
#include "eventstore/record.h"
#include "tests/eventstore/fixtures.h"

namespace yeyak::eventstore {
namespace {

using testing::ElementsAre;

RecordedEvent sample() {
    RecordedEvent e;
    e.format = 1;
    e.position = 7;
    e.version = 2;
    e.time = Instant{1'700'000'000'123};
    e.stream = "payment.payment-17";
    e.data = event("payment.payment_completed.v1", R"({"amount":15000})", {"user:1", "order:9"});
    e.data.event_id = "e-1";
    e.data.correlation_id = "c-1";
    e.data.causation_id = "k-1";
    e.data.actor = "user:1";
    return e;
}

RecordedEvent foreign_sample() {
    using Type = Attribute::Type;
    RecordedEvent e;
    e.position = 8;
    e.version = 1;
    e.time = Instant{1'700'000'000'123};
    e.stream = "orders-7";
    e.data = event("ordered", R"("iVBORw==")", {"time:morning"});
    e.data.event_id = "e-1";
    e.data.actor = "kim";
    e.data.form = DataForm::base64;
    e.data.attributes = {
        {"datacontenttype", Type::text, "image/png"},
        {"gift", Type::boolean, "true"},
        {"retries", Type::integer, "-3"},
        {"source", Type::text, "/shop"},
        {"traceparent", Type::text, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}};
    return e;
}

std::string from_hex_file(const std::string& path) {
    std::ifstream in{path};
    EXPECT_TRUE(in) << path << " (run from the root of the source tree)";
    std::string line, bytes;
    while (std::getline(in, line)) {
        line = line.substr(0, line.find('#'));
        for (std::size_t i = 0; i + 1 < line.size();) {
            if (line[i] == ' ') {
                ++i;
                continue;
            }
            bytes += static_cast<char>(std::stoi(line.substr(i, 2), nullptr, 16));
            i += 2;
        }
    }
    return bytes;
}

std::string hex(std::string_view bytes) {
    std::string out;
    for (const unsigned char c : bytes) out += fmt::format("{:02x}", c);
    return out;
}

void expect_golden(RecordedEvent e, const char* path) {
    const auto golden = from_hex_file(path);
    EXPECT_EQ(hex(encode_record(e)), hex(golden));
    const auto read = decode_record(e.position, golden);
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->format, e.format);
    EXPECT_EQ(read->data.payload, e.data.payload);
    EXPECT_EQ(read->data.attributes, e.data.attributes);
    EXPECT_EQ(read->data.form, e.data.form);
    EXPECT_EQ(read->leaf, e.leaf);
    EXPECT_TRUE(leaf_matches(e.position, golden));
    EXPECT_FALSE(leaf_matches(e.position + 1, golden));
    EXPECT_EQ(leaf_of_entry(encode_entry(*read)), e.leaf) << "an old entry stays what it was";
}

TEST(Record, the_golden_record_is_written_and_read_the_same) {
    expect_golden(foreign_sample(), "tests/golden/record-2.hex");
}

TEST(Record, a_record_of_the_first_format_stays_what_it_was) {
    expect_golden(sample(), "tests/golden/record-1.hex");
}

TEST(Record, the_golden_records_are_the_examples_of_the_document) {
    const auto text = [](const char* path) {
        std::ifstream in{path};
        return std::string{std::istreambuf_iterator<char>{in}, {}};
    };
    for (const auto* path : {"tests/golden/record-1.hex", "tests/golden/record-2.hex"}) {
        const auto golden = text(path);
        ASSERT_FALSE(golden.empty());
        EXPECT_NE(text("eventstore/FORMAT.md").find(golden), std::string::npos) << path;
    }
}

TEST(Record, any_flipped_bit_is_refused) {
    for (auto e : {sample(), foreign_sample()}) {
        const auto record = encode_record(e);
        for (std::size_t byte = 0; byte < record.size(); ++byte)
            for (int bit = 0; bit < 8; ++bit) {
                auto flipped = record;
                flipped[byte] = static_cast<char>(flipped[byte] ^ (1 << bit));
                EXPECT_FALSE(decode_record(e.position, flipped)) << byte;
            }
        EXPECT_FALSE(decode_record(e.position + 1, record)) << "a record does not move";
        for (std::size_t size = 0; size < record.size(); ++size)
            EXPECT_FALSE(decode_record(e.position, record.substr(0, size)));
        EXPECT_FALSE(decode_record(e.position, record + '\0'));
    }
}

// Bodies that are wrong although their checksum is right.
std::expected<RecordedEvent, std::string> sealed(std::string body) {
    body.resize(body.size() + sizeof(LeafHash));
    put_u64_be(body, xxh3(body, 1));
    return decode_record(1, body);
}

// Format, time, version, no names and no tags.
std::string body_until_tags(char format) {
    std::string body(1, format);
    put_u64_be(body, 0);
    return body + std::string(8, '\0');
}

TEST(Record, a_body_that_does_not_fit_is_refused) {
    const auto body = body_until_tags('\1') + '\0';
    EXPECT_TRUE(sealed(body));
    EXPECT_FALSE(sealed(body + '\0')) << "bytes follow";
    EXPECT_FALSE(sealed(body.substr(0, body.size() - 1)));
    for (const char format : {'\0', '\2', '\3'}) {
        auto other = body;
        other[0] = format;
        EXPECT_FALSE(sealed(other)) << "not of this format: " << int{format};
    }
    auto many = body;
    many[16] = '\x7f';
    EXPECT_FALSE(sealed(many)) << "tag count past the end";
    auto longer = body;
    longer.replace(9, 1, std::string_view{"\x80\0", 2});
    EXPECT_FALSE(sealed(longer)) << "version 0 in two bytes";
}

TEST(Record, attributes_that_do_not_fit_are_refused) {
    using namespace std::string_view_literals;
    const auto with = [](std::string_view attributes_and_data) {
        return sealed(body_until_tags('\2') + std::string{attributes_and_data});
    };
    EXPECT_TRUE(with("\0j\2{}"sv));
    EXPECT_TRUE(with("\1\1as\1xj\0"sv));
    EXPECT_TRUE(with("\2\1as\1x\1bi\0017n"sv));
    EXPECT_EQ(with("\0n"sv)->data.payload, "null") << "an event without data";
    EXPECT_FALSE(with("\0n\0"sv)) << "a payload without data";
    EXPECT_FALSE(with("\0x\0"sv)) << "unknown form";
    EXPECT_FALSE(with("\1\1ax\1xj\0"sv)) << "unknown type";
    EXPECT_FALSE(with("\2\1as\0\1as\0j\0"sv)) << "a name twice";
    EXPECT_FALSE(with("\2\1bs\0\1as\0j\0"sv)) << "not in order";
    EXPECT_FALSE(with("\x7fj\0"sv)) << "attribute count past the end";
    EXPECT_FALSE(with("\1\1a"sv)) << "cut short";
}

RC_GTEST_PROP(Record, round_trips, ()) {
    RecordedEvent e;
    e.position = *rc::gen::arbitrary<Position>();
    e.version = *rc::gen::arbitrary<Version>();
    e.time.ms = *rc::gen::arbitrary<std::int64_t>();
    for (auto* text : {&e.stream, &e.data.type, &e.data.payload, &e.data.event_id,
                       &e.data.correlation_id, &e.data.causation_id, &e.data.actor})
        *text = *rc::gen::arbitrary<std::string>();
    e.data.tags = *rc::gen::arbitrary<std::vector<std::string>>();
    using Type = Attribute::Type;
    for (const auto& name : *rc::gen::arbitrary<std::set<std::string>>())
        e.data.attributes.push_back({name,
                                     *rc::gen::element(Type::text, Type::integer, Type::boolean),
                                     *rc::gen::arbitrary<std::string>()});
    e.data.form = *rc::gen::element(DataForm::json, DataForm::base64, DataForm::none);
    if (e.data.form == DataForm::none) e.data.payload = "null";
    const auto record = encode_record(e);
    const auto read = decode_record(e.position, record);
    RC_ASSERT(read.has_value());
    RC_ASSERT(read->position == e.position && read->version == e.version && read->time == e.time);
    RC_ASSERT(read->stream == e.stream && read->data.type == e.data.type);
    RC_ASSERT(read->data.payload == e.data.payload && read->data.tags == e.data.tags);
    RC_ASSERT(read->data.attributes == e.data.attributes && read->data.form == e.data.form);
    RC_ASSERT(read->data.event_id == e.data.event_id && read->data.actor == e.data.actor);
    RC_ASSERT(read->data.correlation_id == e.data.correlation_id);
    RC_ASSERT(read->data.causation_id == e.data.causation_id && read->leaf == e.leaf);
    RC_ASSERT(leaf_matches(e.position, record));
    auto again = *read;
    RC_ASSERT(encode_record(again) == record);
}

RC_GTEST_PROP(Bytes, varints_round_trip, (std::uint64_t value)) {
    std::string bytes;
    put_varint(bytes, value);
    RC_ASSERT(bytes.size() <= 10u);
    ByteReader reader{bytes};
    RC_ASSERT(reader.varint() == value && reader.ok() && reader.rest().empty());
    ByteReader cut{std::string_view{bytes}.substr(0, bytes.size() - 1)};
    cut.varint();
    RC_ASSERT(!cut.ok());
}

TEST(Bytes, a_varint_of_more_than_64_bits_is_refused) {
    ByteReader reader{"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"};
    reader.varint();
    EXPECT_FALSE(reader.ok());
}

TEST(Bytes, a_varint_that_is_longer_than_its_value_needs_is_refused) {
    for (const std::string_view bytes :
         {std::string_view{"\x80\x00", 2}, std::string_view{"\xff\x80\x00", 3},
          std::string_view{"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", 10}}) {
        ByteReader reader{bytes};
        reader.varint();
        EXPECT_FALSE(reader.ok()) << hex(bytes);
    }
    ByteReader zero{std::string_view{"\0", 1}};
    EXPECT_EQ(zero.varint(), 0u);
    EXPECT_TRUE(zero.ok());
}

Batch batch_of(std::vector<std::pair<Position, NewEvent>> events) {
    Batch batch;
    for (auto& [position, data] : events) {
        auto e = std::make_shared<RecordedEvent>();
        e->position = position;
        e->stream = "c.d-1";
        e->data = std::move(data);
        batch.events.push_back({std::move(e), ""});
    }
    return batch;
}

TEST(Postings, one_block_per_value_of_a_batch) {
    const auto blocks = posting_blocks(batch_of({{300, event("t", "{}", {"g", "g"})},
                                                 {301, event("u", "{}", {"g"})},
                                                 {600, event("t", "{}", {"h"})}}));
    const auto positions = [&](PostingKind kind, std::string_view value, Position first) {
        auto key = posting_prefix(kind, value);
        put_u64_be(key, first);
        EXPECT_TRUE(blocks.contains(key));
        return decode_posting_block(key, blocks.at(key)).value_or(std::vector<Position>{});
    };
    EXPECT_EQ(blocks.size(), 5u);
    EXPECT_THAT(positions(PostingKind::category, "c.d", 300), ElementsAre(300, 301, 600));
    EXPECT_THAT(positions(PostingKind::type, "t", 300), ElementsAre(300, 600));
    EXPECT_THAT(positions(PostingKind::type, "u", 301), ElementsAre(301));
    EXPECT_THAT(positions(PostingKind::tag, "g", 300), ElementsAre(300, 301));
    EXPECT_THAT(positions(PostingKind::tag, "h", 600), ElementsAre(600));
}

TEST(Postings, a_block_that_does_not_fit_is_refused) {
    const std::string key = posting_prefix(PostingKind::tag, "g") + std::string(7, '\0') + '\5';
    EXPECT_THAT(*decode_posting_block(key, "\x03\x01\x02"), ElementsAre(5, 6, 8));
    EXPECT_FALSE(decode_posting_block(key, std::string("\0", 1)));
    EXPECT_FALSE(decode_posting_block(key, "\x03\x01")) << "short";
    EXPECT_FALSE(decode_posting_block(key, "\x02\x01\x01")) << "long";
    EXPECT_FALSE(decode_posting_block(key, std::string("\x02\0", 2))) << "not ascending";
    EXPECT_FALSE(decode_posting_block(key, std::string("\x02\x81\0", 3))) << "not the shortest";
    std::string far{"\x02"};
    put_varint(far, ~std::uint64_t{0});
    EXPECT_FALSE(decode_posting_block(key, far)) << "behind the last position there can be";
    EXPECT_FALSE(decode_posting_block("g", "\x01")) << "no position in the key";
}

class WitnessFile : public testing::Test {
  protected:
    using Mode = WitnessMode;
    std::unique_ptr<Witness> open(Mode mode = Mode::inline_sync) {
        auto witness = Witness::open(files_, path_, mode);
        EXPECT_TRUE(witness);
        return *std::move(witness);
    }
    static WitnessMark mark(Position position) {
        WitnessMark mark{position, position * 10, {}};
        mark.leaf.fill(static_cast<std::uint8_t>(position));
        return mark;
    }
    Position newest() {
        const auto found = Witness::read(*files_, path_);
        if (!found) return 0;
        EXPECT_EQ(found->sequence, found->position * 10);
        EXPECT_EQ(found->leaf, mark(found->position).leaf);
        return found->position;
    }
    void damage(std::streamoff at) {
        std::fstream file{path_, std::ios::in | std::ios::out | std::ios::binary};
        file.seekg(at);
        const int byte = file.get();
        file.seekp(at);
        file.put(static_cast<char>(byte ^ 0x10));
    }

    TempFolder folder_;
    std::string path_ = (folder_.path() / "witness").string();
    std::shared_ptr<rocksdb::FileSystem> files_ = rocksdb::FileSystem::Default();
};

TEST_F(WitnessFile, holds_the_newest_mark) {
    EXPECT_EQ(newest(), 0u);
    auto witness = open();
    EXPECT_EQ(newest(), 0u);
    for (Position p = 1; p <= 5; ++p) {
        ASSERT_TRUE(witness->record(mark(p)));
        EXPECT_EQ(newest(), p);
    }
}

// A process died while it created the file.
TEST_F(WitnessFile, is_there_whole_or_not_at_all) {
    std::ofstream{path_ + ".new"} << "a piece";
    auto witness = open();
    EXPECT_TRUE(Witness::is_blank(*files_, path_));
    EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
    ASSERT_TRUE(witness->record(mark(1)));
    EXPECT_EQ(newest(), 1u);
}

TEST_F(WitnessFile, a_damaged_slot_leaves_the_other) {
    {
        auto witness = open();
        for (Position p = 1; p <= 3; ++p) ASSERT_TRUE(witness->record(mark(p)));
    }
    for (const int byte : {0, 9, 17, 30, 63}) {  // slot 0 holds mark 3, slot 1 mark 2
        damage(byte);
        EXPECT_EQ(newest(), 2u);
        damage(byte);
        EXPECT_EQ(newest(), 3u);
    }
    damage(20);
    damage(4096 + 20);
    EXPECT_EQ(newest(), 0u) << "both slots bad";
}

// The slot with the newest mark must stay whole while the next is written.
TEST_F(WitnessFile, a_restart_does_not_write_over_the_newest_mark) {
    for (Position p = 1; p <= 6; ++p) {
        auto witness = open();
        ASSERT_TRUE(witness->record(mark(p)));
        witness.reset();
        ASSERT_EQ(newest(), p);
        // Tearing the slot just written brings back the mark before, also after a restart.
        const std::streamoff slot = (p - 1) % 2 == 0 ? 0 : 4096;
        damage(slot + 20);
        EXPECT_EQ(newest(), p - 1);
        damage(slot + 20);
    }
}

TEST_F(WitnessFile, the_background_writes_the_last_mark_before_it_ends) {
    auto witness = open(Mode::background);
    for (Position p = 1; p <= 1000; ++p) ASSERT_TRUE(witness->record(mark(p)));
    witness.reset();
    EXPECT_EQ(newest(), 1000u);
}

}  // namespace
}  // namespace yeyak::eventstore
