#include "auth/fault.h"

#include "kernel/ensure.h"

namespace yeyak::auth {
namespace {

struct Row {
    Fault fault;
    std::string_view name;
    std::string_view text;
};

constexpr std::array<Row, fault_count> rows{{
    {Fault::too_long, "too_long", "it is longer than 8 KiB"},
    {Fault::not_a_token, "not_a_token", "it is not a signed token in compact form"},
    {Fault::repeated_member, "repeated_member", "its JSON has a member twice"},
    {Fault::wrong_type, "wrong_type", "it is a token for something else (typ)"},
    {Fault::critical, "critical", "it asks for what is not done here (crit, b64, zip)"},
    {Fault::no_key_named, "no_key_named", "it names no key, and there are several"},
    {Fault::unknown_key, "unknown_key", "its key is not known"},
    {Fault::wrong_algorithm, "wrong_algorithm", "its algorithm is not the one of its key"},
    {Fault::bad_signature, "bad_signature", "its signature is wrong"},
    {Fault::bad_claims, "bad_claims", "a claim is not of the type that it must have"},
    {Fault::wrong_issuer, "wrong_issuer", "somebody else made it (iss)"},
    {Fault::wrong_audience, "wrong_audience", "it is meant for somebody else (aud)"},
    {Fault::no_expiry, "no_expiry", "it has no end (exp)"},
    {Fault::expired, "expired", "its time is over (exp)"},
    {Fault::not_yet, "not_yet", "its time has not come (nbf, iat)"},
    {Fault::bad_subject, "bad_subject", "its subject cannot act (sub)"},
    {Fault::revoked, "revoked", "it was revoked"},
}};

const Row& row_of(Fault fault) {
    const auto number = static_cast<std::size_t>(fault);
    ensure(number < rows.size() && rows[number].fault == fault, "every fault has its row");
    return rows[number];
}

}  // namespace

std::string_view name_of(Fault fault) { return row_of(fault).name; }
std::string_view to_text(Fault fault) { return row_of(fault).text; }

}  // namespace yeyak::auth
