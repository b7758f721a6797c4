// A name and a registration number as clients send them, checked and made safe to keep.
#pragma once
#include <expected>
#include <optional>
#include <string_view>

#include "api/http/http.h"
#include "privacy/vault.h"

namespace yeyak::api {

// The number alone; a problem that never repeats it when it is not one.
std::expected<privacy::Masked, http::Response> number_of_person(const privacy::Vault& vault,
                                                                std::string_view reg_number);
// Both.
std::expected<privacy::Masked, http::Response> person_of(const privacy::Vault& vault,
                                                         std::string_view name,
                                                         std::string_view reg_number);

}  // namespace yeyak::api
