// Why a token does not count. For the server's log and its metrics: who sent the token is told
// `invalid_token` whatever it was (RFC 6750).
#pragma once
#include <array>
#include <string_view>

namespace yeyak::auth {

enum class Fault {
    too_long,         // more than max_token_bytes
    not_a_token,      // not three parts of base64url, or a head that is no JSON object
    repeated_member,  // a member twice in one object: two readers could see two values
    wrong_type,       // "typ" is for something else
    critical,         // "crit", "b64" or "zip": the head asks for what is not done here
    no_key_named,     // no "kid", and not one key alone that it could mean
    unknown_key,      // "kid" is not in the set
    wrong_algorithm,  // "alg" is not the one of the key
    bad_signature,
    bad_claims,  // no JSON object, or a claim of another type than it must have
    wrong_issuer,
    wrong_audience,
    no_expiry,
    expired,
    not_yet,      // "nbf", or "iat", lies ahead
    bad_subject,  // no "sub", or one that cannot act
    revoked,      // the subject's tokens of that time were revoked
};
inline constexpr std::size_t fault_count = static_cast<std::size_t>(Fault::revoked) + 1;

// "expired"; one word for a log line and a metric's label.
std::string_view name_of(Fault fault);
// "its time is over"; a half sentence for people, without anything of the token.
std::string_view to_text(Fault fault);

}  // namespace yeyak::auth
