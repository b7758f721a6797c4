#include "api/systems/vaccination/person.h"

#include "api/http/problem.h"

namespace yeyak::api {

using http::problem;
using http::Response;

std::expected<privacy::Masked, Response> number_of_person(const privacy::Vault& vault,
                                                          std::string_view reg_number) {
    auto person = vault.person(reg_number);
    if (person) return *std::move(person);
    return std::unexpected(problem(422, "invalid_value",
                                   "userRegNumber must be 13 digits, such as 890309-2766876",
                                   "userRegNumber"));
}

std::expected<privacy::Masked, Response> person_of(const privacy::Vault& vault,
                                                   std::string_view name,
                                                   std::string_view reg_number) {
    if (name.empty() || name.size() > 100)
        return std::unexpected(
            problem(422, "invalid_value", "userName must be 1 to 100 bytes long", "userName"));
    return number_of_person(vault, reg_number);
}

}  // namespace yeyak::api
