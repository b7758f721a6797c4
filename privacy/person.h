// Whose fields are sealed with which key. A person is named by a handle, SYSTEM/KIND:VALUE, as the
// systems say (aggregates/engine/people.h), or SYSTEM/key:NAME by the name of a key.
//
// The name of a key is a keyed hash of the handle, so it stays the same when the master key
// changes, and tells nothing to whoever has the folder of keys alone.
//
// Pure, except key_names_of(), which reads the log. Any thread.
#pragma once
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aggregates/engine/people.h"
#include "eventstore/event_store.h"
#include "privacy/vault.h"

namespace yeyak::privacy {

struct Person {
    std::string system;
    std::string recorded;  // the handle as it may stand in the log: without a personal field
    std::vector<std::string> key_names;  // that follow from the handle alone
    std::string tag;                     // of the person's events, or empty
    std::string stream;                  // of an order, or empty
    bool keys_in_stream = false;         // each order has a key of its own, found in its events
};

// Or what is wrong with it, without repeating it.
std::expected<Person, std::string> parse_person(People people, const Vault& vault,
                                                std::string_view handle);

// How persons may be named: "prereservation/user:17, …, phoneshop/order:5 or SYSTEM/key:NAME".
std::string forms_of(People people);

// What is wrong with a text that is to stand in the log for ever, such as a reason: it tells a
// registration number, or the number that `handle` names somebody by. Nothing is repeated of it.
std::optional<std::string> told_for_ever(std::string_view text, People people = {},
                                         std::string_view handle = {});

// The names of all keys in a text.
void collect_key_names(std::string_view text, std::vector<std::string>& names);

// The names of all keys that the person's fields are sealed with: those of the handle, and those
// found in the streams whose events bear the person's tag.
eventstore::StoreResult<std::vector<std::string>> key_names_of(const eventstore::EventStore& store,
                                                               const Person& person);

}  // namespace yeyak::privacy
