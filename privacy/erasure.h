// Erasing a person, the same for a server and for a data folder at rest:
//
//   1 find the keys of the person          plan_erasure()
//   2 record operations::PersonErased      with the references of those keys; durable
//   3 destroy the keys                     PersonKeys::destroy()
//
// After step 2 the keys are as good as gone: whatever ends the program before step 3 is done, the
// next start finishes it before anybody is served (complete_erasures()). So does a start with keys
// from an older backup. A reference names one key and not the person: someone who came back has
// another key, which is left alone.
#pragma once
#include <string>
#include <vector>

#include "aggregates/operations/contract.h"
#include "privacy/person.h"
#include "privacy/person_keys.h"

namespace yeyak::privacy {

// Of why somebody's data are erased or handed out; in characters.
inline constexpr std::size_t longest_reason = 500;

struct ErasurePlan {
    Person person;
    std::vector<std::string> key_names;  // all that there ever were, as far as the log tells
    std::vector<KeyRef> keys;            // those that are there
};
StoreResult<ErasurePlan> plan_erasure(const eventstore::EventStore& store, const PersonKeys& keys,
                                      Person person);

operations::PersonErased erasure_of(const ErasurePlan& plan, std::string reason,
                                    std::string checkpoint);

// Whether the log has an erasure of the person.
StoreResult<bool> was_erased(const eventstore::EventStore& store, const Person& person);

// Destroys the keys of all erasures that the log tells of and that are still there.
StoreResult<void> complete_erasures(const eventstore::EventStore& store, PersonKeys& keys);

// What an export says: JSON whose sealed texts are still to be opened.
struct Holdings;
std::string export_json(const ErasurePlan& plan, const Holdings& held, std::string_view reason);
// What an erasure did, or would do: JSON. `held` may be null.
std::string erasure_json(const ErasurePlan& plan, const Holdings* held, std::string_view reason,
                         std::string_view what, eventstore::Position position);

}  // namespace yeyak::privacy
