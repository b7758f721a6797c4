// How persons are named from outside, for erasure, export and trail: SYSTEM/KIND:VALUE. A system
// says of each kind how what is recorded of such a person is found. Names alone; pure.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace yeyak {

struct PersonKind {
    enum class Value {
        number,        // 17: positive, as it is written
        registration,  // 890309-2766876: known by its keyed hash only
        token,         // such a keyed hash
        personal       // a text that may not stand in the log itself: the number of a car
    };
    std::string_view system = {};  // follows from the list of systems
    std::string_view kind;         // "user"
    std::string_view example;      // of a value, for messages
    Value value = Value::number;
    // Events that bear the tag TAG:VALUE are the person's; empty: none do.
    std::string_view tag = {};
    // The stream CATEGORY-VALUE is the person's; empty: none is.
    std::string_view stream = {};
    // Fields are sealed with a key of the name SYSTEM/KIND:VALUE; otherwise with keys that are
    // found in the stream.
    bool has_key = true;
    // The kind that it is recorded as; empty: as this one.
    std::string_view recorded_as = {};
};

// Those of all systems.
using People = std::span<const PersonKind>;

struct PersonName {
    std::string_view system;
    std::string_view kind;
    std::string_view value;
};

// The parts of a name, whether or not there is such a kind; nothing when it has another form.
std::optional<PersonName> parse_person_name(std::string_view name);
std::string person_name(std::string_view system, std::string_view kind, std::string_view value);

// Null when a system has no such kind.
const PersonKind* find_kind(People people, const PersonName& name);

// The stream that is the person's: "phoneshop.order-5"; empty for most.
std::string stream_of(const PersonKind& kind, std::string_view value);

}  // namespace yeyak
