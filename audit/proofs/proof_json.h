// Reading and writing the JSON of receipts and proofs: an object of known fields, each once.
// Includes the JSON parser: for source files only.
#pragma once
#include <simdjson.h>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/proofs/merkle.h"

namespace yeyak::audit {

namespace ondemand = simdjson::ondemand;

// Takes a field of one of the names; false when its value is not what it must be.
using TakeField = std::function<bool(std::string_view name, ondemand::value value)>;

// `what` is called so in errors: "receipt".
Result<void> read_object(std::string_view json, std::string_view what,
                         std::span<const std::string_view> fields, const TakeField& take);

std::optional<std::string> text_of(ondemand::value value);
bool take(ondemand::value value, std::uint64_t& out);
bool take(ondemand::value value, Hash& out);
bool take(ondemand::value value, std::vector<Hash>& out);

// ["…","…"]
std::string hashes_json(std::span<const Hash> hashes);

}  // namespace yeyak::audit
