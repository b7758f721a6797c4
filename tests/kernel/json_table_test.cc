// What the tables of the codec must keep of a struct: the size and sign of its numbers, the names
// of its fields in whatever order they come, and the shapes that an event had before.
#include <gmock/gmock.h>

#include <limits>

#include "kernel/json_impl.h"

namespace yeyak {
namespace {

enum class Depth : std::int8_t { cellar = -2, ground = 0, roof = 100 };
BOOST_DESCRIBE_ENUM(Depth, cellar, ground, roof)
enum class Wide : std::uint16_t { near = 1, far = 0x8001 };
BOOST_DESCRIBE_ENUM(Wide, near, far)

struct Numbers {
    std::int8_t i8 = 0;
    std::uint8_t u8 = 0;
    std::int16_t i16 = 0;
    std::uint16_t u16 = 0;
    std::int32_t i32 = 0;
    std::uint32_t u32 = 0;
    std::int64_t i64 = 0;
    std::uint64_t u64 = 0;
    std::optional<Depth> depth;
    std::vector<Wide> all_of_them;
    friend bool operator==(const Numbers&, const Numbers&) = default;
};
BOOST_DESCRIBE_STRUCT(Numbers, (), (i8, u8, i16, u16, i32, u32, i64, u64, depth, all_of_them))

template <class N>
constexpr N least = std::numeric_limits<N>::min();
template <class N>
constexpr N most = std::numeric_limits<N>::max();

const Numbers smallest{least<std::int8_t>,  0, least<std::int16_t>, 0, least<std::int32_t>, 0,
                       least<std::int64_t>, 0, Depth::cellar,       {}};
const Numbers greatest{most<std::int8_t>,      most<std::uint8_t>, most<std::int16_t>,
                       most<std::uint16_t>,    most<std::int32_t>, most<std::uint32_t>,
                       most<std::int64_t>,     most<std::int64_t>, Depth::roof,
                       {Wide::far, Wide::near}};

constexpr std::string_view smallest_text =
    R"({"i8":-128,"u8":0,"i16":-32768,"u16":0,"i32":-2147483648,"u32":0,)"
    R"("i64":-9223372036854775808,"u64":0,"depth":"cellar","allOfThem":[]})";
constexpr std::string_view greatest_text =
    R"({"i8":127,"u8":255,"i16":32767,"u16":65535,"i32":2147483647,"u32":4294967295,)"
    R"("i64":9223372036854775807,"u64":9223372036854775807,"depth":"roof",)"
    R"("allOfThem":["far","near"]})";

TEST(JsonTable, numbers_and_enumerators_of_every_size_come_back) {
    EXPECT_EQ(to_json(smallest), smallest_text);
    EXPECT_EQ(to_json(greatest), greatest_text);
    EXPECT_EQ(from_json<Numbers>(smallest_text), smallest);
    EXPECT_EQ(from_json<Numbers>(greatest_text), greatest);
    Numbers unread;  // JSON's readers stop at 2^63 - 1, the type does not
    unread.u64 = most<std::uint64_t>;
    EXPECT_THAT(to_json(unread), testing::HasSubstr(R"("u64":18446744073709551615,"depth":null)"));
}

TEST(JsonTable, a_number_that_does_not_fit_is_told_the_limits) {
    const auto limits = [](std::string_view field, std::string_view number) {
        std::string text{smallest_text};
        const auto at = text.find(':', text.find("\"" + std::string{field} + "\"")) + 1;
        text.replace(at, text.find(',', at) - at, number);
        const auto read = from_json<Numbers>(text);
        EXPECT_FALSE(read) << text;
        return read ? "" : read.error().field + " " + read.error().detail;
    };
    EXPECT_EQ(limits("i8", "128"), "i8 must be from -128 to 127");
    EXPECT_EQ(limits("u8", "-1"), "u8 must be from 0 to 255");
    EXPECT_EQ(limits("i16", "-32769"), "i16 must be from -32768 to 32767");
    EXPECT_EQ(limits("u16", "65536"), "u16 must be from 0 to 65535");
    EXPECT_EQ(limits("i32", "2147483648"), "i32 must be from -2147483648 to 2147483647");
    EXPECT_EQ(limits("u32", "4294967296"), "u32 must be from 0 to 4294967295");
    EXPECT_EQ(limits("u64", "-1"), "u64 must be from 0 to 18446744073709551615");
    EXPECT_EQ(limits("i64", "9223372036854775808"), "i64 must be below 9223372036854775808");
    EXPECT_EQ(limits("depth", "\"attic\""), "depth must be one of cellar, ground, roof");
}

struct Share {
    std::optional<double> of_all;
};
BOOST_DESCRIBE_STRUCT(Share, (), (of_all))

TEST(JsonTable, settings_may_hold_a_fraction) {
    EXPECT_EQ(from_json<Share>(R"({"ofAll":0.25})")->of_all, 0.25);
    EXPECT_EQ(from_json<Share>(R"({"ofAll":1})")->of_all, 1.0);
    EXPECT_EQ(from_json<Share>(R"({"ofAll":"1"})").error().detail, "must be a number");
}

struct Named {
    std::string a;
    std::string a_b;
    std::string ab;
    std::string room_2_size;
    friend bool operator==(const Named&, const Named&) = default;
};
BOOST_DESCRIBE_STRUCT(Named, (), (a, a_b, ab, room_2_size))
struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

TEST(JsonTable, fields_are_found_by_name_in_any_order) {
    const Named named{"1", "2", "3", "4"};
    EXPECT_EQ(to_json(named), R"({"a":"1","aB":"2","ab":"3","room2Size":"4"})");
    EXPECT_EQ(from_json<Named>(R"({"room2Size":"4","aB":"2","x":0,"ab":"3","a":"1"})"), named);
    EXPECT_EQ(from_json<Named>(R"({"x":{},"ab":"3","a":"1","aB":"2","room2Size":"4"})"), named);
    EXPECT_EQ(from_json<Named>(R"({"ab":"3","a":"1","aB":"2"})").error().field, "room2Size");
    EXPECT_EQ(to_json(Nothing{}), "{}");
    EXPECT_TRUE(from_json<Nothing>(R"({"a":1})"));
}

struct FirstShape {
    static constexpr std::string_view type = "shape.v1";
    std::int32_t halves = 0;
};
BOOST_DESCRIBE_STRUCT(FirstShape, (), (halves))
struct SecondShape {
    static constexpr std::string_view type = "shape.v2";
    using Former = FirstShape;
    static SecondShape upcast(const FirstShape& old) { return {old.halves / 2, "old"}; }
    std::int32_t wholes = 0;
    std::string note;
};
BOOST_DESCRIBE_STRUCT(SecondShape, (), (wholes, note))
struct Shape {
    static constexpr std::string_view type = "shape.v3";
    using Former = SecondShape;
    static Shape upcast(const SecondShape& old) { return {old.wholes, old.note + "er"}; }
    std::int32_t count = 0;
    std::string note;
    friend bool operator==(const Shape&, const Shape&) = default;
};
BOOST_DESCRIBE_STRUCT(Shape, (), (count, note))
struct Other {
    static constexpr std::string_view type = "other.v1";
    friend bool operator==(const Other&, const Other&) = default;
};
BOOST_DESCRIBE_STRUCT(Other, (), ())
using Event = std::variant<Other, Shape>;

TEST(JsonTable, every_released_shape_is_read_as_the_newest) {
    EXPECT_EQ(decode_event<Event>("shape.v1", R"({"halves":8})"), Event(Shape{4, "older"}));
    EXPECT_EQ(decode_event<Event>("shape.v2", R"({"wholes":4,"note":"a"})"),
              Event(Shape{4, "aer"}));
    EXPECT_EQ(decode_event<Event>("shape.v3", R"({"count":4,"note":"a"})"), Event(Shape{4, "a"}));
    EXPECT_EQ(decode_event<Event>("other.v1", "{}"), Event(Other{}));
    EXPECT_EQ(decode_event<Event>("shape.v1", R"({"count":4})").error().field, "halves");
    EXPECT_EQ(decode_event<Event>("shape.v4", "{}").error().detail,
              "no event type is named shape.v4");
    for (const char* type : {"shape.v1", "shape.v2", "shape.v3", "other.v1"})
        EXPECT_TRUE(is_event_type<Event>(type)) << type;
    EXPECT_FALSE(is_event_type<Event>("shape.v4"));
}

TEST(JsonTable, an_event_is_rewritten_in_the_shape_it_was_recorded_in) {
    EXPECT_EQ(rewrite_event<Event>("shape.v1", R"({"halves":8,"x":1})"), R"({"halves":8})");
    EXPECT_EQ(rewrite_event<Event>("shape.v2", R"({"note":"a","wholes":4})"),
              R"({"wholes":4,"note":"a"})");
    EXPECT_EQ(rewrite_event<Event>("shape.v3", R"({"note":"a","count":4})"),
              R"({"count":4,"note":"a"})");
    EXPECT_EQ(rewrite_event<Event>("shape.v2", R"({"wholes":4})").error().field, "note");
    EXPECT_EQ(rewrite_event<Event>("shape.v4", "{}").error().code, "unknown_event");
}

struct Filled {
    static constexpr std::string_view type = "filled";
    Numbers numbers;
    std::vector<Named> names;
    std::optional<Instant> at;
    Won price;
    Date day;
    bool paid = false;
};
BOOST_DESCRIBE_STRUCT(Filled, (), (numbers, names, at, price, day, paid))

// Caches of folded state are told apart by it: it may not change when nothing else does.
TEST(JsonTable, fingerprints_stay_what_they_were) {
    EXPECT_EQ(shape_of<Event>(), "0504b6506e6e2c6e");
    EXPECT_EQ((shape_of<std::variant<Filled>>()), "e41dd2711ef15fc9");
}

}  // namespace
}  // namespace yeyak
