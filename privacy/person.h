// Whose fields are sealed with which key. A person is named by a handle, SYSTEM/KIND:VALUE:
//
//   prereservation/user:17     market/user:3      market/reservation:12 (made without a customer)
//   vaccination/reg:890309-2766876                vaccination/person:TOKEN (its keyed hash)
//   repairshop/vehicle:0101    phoneshop/order:5  SYSTEM/key:NAME (of a key)
//
// The phone shop knows no persons: every order has a key of its own, which is found in its events.
// The name of a key is a keyed hash of the handle, so it stays the same when the master key
// changes, and tells nothing to whoever has the folder of keys alone.
//
// Pure, except key_names_of(), which reads the log. Any thread.
#pragma once
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/event_store.h"
#include "privacy/vault.h"

namespace yeyak::privacy {

// The handles that keys are made for.
std::string prereservation_user(std::int64_t user);
std::string market_customer(std::int64_t customer);
std::string market_reservation(std::int64_t reservation);
std::string vaccination_person(std::string_view token);
std::string repairshop_vehicle(std::string_view number);
std::string phoneshop_request(std::string_view request);

struct Person {
    std::string system;
    std::string number;    // the value of the handle, when it is a number
    std::string recorded;  // the handle as it may stand in the log: without a personal field
    std::vector<std::string> key_names;  // that follow from the handle alone
    std::string tag;                     // of the person's events, or empty
    std::string stream;                  // of an order, or empty
};

// Or what is wrong with it, without repeating it.
std::expected<Person, std::string> parse_person(const Vault& vault, std::string_view handle);

// The names of all keys in a text.
void collect_key_names(std::string_view text, std::vector<std::string>& names);

// The names of all keys that the person's fields are sealed with: those of the handle, and those
// found in the streams whose events bear the person's tag.
eventstore::StoreResult<std::vector<std::string>> key_names_of(const eventstore::EventStore& store,
                                                               const Person& person);

}  // namespace yeyak::privacy
