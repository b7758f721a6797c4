// Changing the master key of a data folder at rest: every key of a person is wrapped anew. Each
// says which master key wraps it, so a change that was interrupted is completed by asking again:
// what is wrapped with the new key already is left alone.
//
// When the key is in its own file and no other is given, the new one is made in FILE.next and takes
// the place of FILE at the end, in one step. A server does not start while FILE.next is there.
#pragma once
#include <filesystem>

#include "privacy/person_keys.h"

namespace yeyak::privacy {

struct Rotated {
    std::uint64_t keys = 0;  // that were wrapped anew by this call
    std::string master_id;   // 16 hexadecimal digits
};

// `new_file` may be empty. `interrupted` is asked now and then.
StoreResult<Rotated> rotate_master_key(const KeyPlaces& places,
                                       const std::filesystem::path& new_file,
                                       bool (*interrupted)());

}  // namespace yeyak::privacy
