// What is written of a struct is what its schema says.
#include "kernel/json_schema.h"

#include <gmock/gmock.h>

#include "kernel/json_impl.h"

namespace yeyak {
namespace {

enum class Colour { red, green };
BOOST_DESCRIBE_ENUM(Colour, red, green)

struct Wheel {
    std::int32_t inches = 0;
};
BOOST_DESCRIBE_STRUCT(Wheel, (), (inches))

struct Bicycle {
    std::uint64_t frame_number = 0;
    bool is_sold = false;
    std::string name;
    Won price;
    Colour colour = Colour::red;
    Instant built_at;
    std::optional<Date> sold_on;
    std::optional<Colour> other_colour;
    std::vector<Wheel> wheels;
    std::optional<Wheel> spare;
};
BOOST_DESCRIBE_STRUCT(Bicycle, (),
                      (frame_number, is_sold, name, price, colour, built_at, sold_on, other_colour,
                       wheels, spare))

struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

TEST(JsonSchema, is_that_of_what_is_written) {
    EXPECT_EQ(
        json_schema<Bicycle>(),
        R"({"type":"object","required":["frameNumber","isSold","name","price","colour","builtAt",)"
        R"("soldOn","otherColour","wheels","spare"],"properties":{)"
        R"("frameNumber":{"type":"integer","minimum":0},"isSold":{"type":"boolean"},)"
        R"("name":{"type":"string"},"price":{"type":"integer"},)"
        R"("colour":{"type":"string","enum":["red","green"]},)"
        R"("builtAt":{"type":"string","format":"date-time"},)"
        R"("soldOn":{"type":["string","null"],"format":"date"},)"
        R"("otherColour":{"type":["string","null"],"enum":["red","green",null]},)"
        R"("wheels":{"type":"array","items":{"type":"object","required":["inches"],)"
        R"("properties":{"inches":{"type":"integer"}}}},)"
        R"("spare":{"type":["object","null"],"required":["inches"],)"
        R"("properties":{"inches":{"type":"integer"}}}}})");
    EXPECT_EQ(json_schema<Nothing>(), R"({"type":"object"})");
}

TEST(JsonSchema, of_a_field_is_what_it_is_looked_for_by) {
    EXPECT_EQ(json_schema_of<Bicycle>("frameNumber"), R"({"type":"integer","minimum":0})");
    EXPECT_EQ(json_schema_of<Bicycle>("soldOn"), R"({"type":"string","format":"date"})");
    EXPECT_EQ(json_schema_of<Bicycle>("otherColour"),
              R"({"type":"string","enum":["red","green"]})");
    EXPECT_EQ(json_schema_of<Bicycle>("frame_number"), "");
}

}  // namespace
}  // namespace yeyak
