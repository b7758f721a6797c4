// Whether this program can read everything that is really in a log: every event goes through its
// upcasters and codec, is written again to see what would be lost, and is given to every view that
// hears of it. What cannot be read is a finding, not an end. Never writes.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "eventstore/event_store.h"
#include "replay-tools/platform.h"

namespace yeyak::tools {

// How often something was found, and where first.
struct Seen {
    std::uint64_t count = 0;
    eventstore::Position first = 0;

    void at(eventstore::Position position) {
        if (count++ == 0 || position < first) first = position;
    }
    void add(const Seen& other);
};

struct Failed {
    Seen seen;
    std::string why;  // of the first: "field price: must be a number"
    void at(eventstore::Position position, const std::string& reason);
    void add(const Failed& other);
};

// One type of event in one category of a system of this program.
struct TypeReport {
    std::string category;
    std::string type;     // with its version, "payment.payment_requested.v1"
    std::string read_as;  // the newer type that it is read as; empty: itself
    bool known = true;    // false: no type of the category is named so
    Seen seen;
    Failed failed;                        // could not be read
    std::map<std::string, Seen> lossy;    // path of a field that is not kept -> where
    std::map<std::string, Failed> views;  // views that could not read it
    std::set<std::string> folded_by;      // views that made a row of it
    bool ok() const { return known && failed.seen.count == 0 && lossy.empty() && views.empty(); }
};

struct SchemaReport {
    eventstore::Position head = 0;
    std::uint64_t events = 0;
    Failed damaged;                       // records that are no events
    std::vector<TypeReport> types;        // by category and type
    std::map<std::string, Seen> foreign;  // streams of other programs, by category
    std::vector<std::string> never;       // types of this program that do not occur
    // Everything was read, nothing would be lost.
    bool ok() const;
};

// `reached` is called with the position reached; false ends it with the error "interrupted".
eventstore::StoreResult<SchemaReport> schema_check(
    const Platform& platform, const std::filesystem::path& data,
    const std::function<bool(eventstore::Position)>& reached);

// Paths of fields of `stored` that `rewritten` does not have, or has with another value: "price",
// "items[].size". Both are JSON documents; empty when they say the same.
std::set<std::string> lost_fields(std::string_view stored, std::string_view rewritten);

}  // namespace yeyak::tools
