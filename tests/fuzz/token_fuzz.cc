// Whatever a stranger sends as a token, or an issuer publishes as keys: it is refused, or it is
// what it seems to be. Nobody here has a secret key, so that no token is ever taken.
#include <cstdint>
#include <string_view>

#include "auth/base64url.h"
#include "auth/head.h"
#include "auth/read_claims.h"
#include "auth/verifier.h"
#include "kernel/actor.h"
#include "kernel/ensure.h"

using namespace yeyak;
using namespace yeyak::auth;

namespace {

constexpr Instant now{1'800'000'000'000};

const Expected& expected() {
    static const Expected ours{"https://id.example", "shop"};
    return ours;
}

void check_token(std::string_view bytes) {
    static const Revocations none;
    static Verifier verifier{
        expected(),
        *KeySet::parse(R"({"keys":[{"kty":"OKP","crv":"Ed25519","kid":"ed",)"
                       R"("x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})"),
        none};
    const auto verified = verifier.verify(bytes, now);
    ensure(!verified, "nobody signed it");
    ensure(!to_text(verified.error()).empty(), "there is a reason");
    ensure(verifier.remembered() == 0, "nothing is remembered of what was refused");
}

// As if the signature held.
void check_claims(std::string_view bytes) {
    const auto claims = read_claims(bytes, expected(), now);
    if (!claims) return;
    ensure(is_actor(claims->subject) && !is_program(claims->subject), "the subject can act");
    ensure(!is_expired(*claims, now) && claims->issued <= now + leeway_ms, "it counts now");
    ensure(!claims->customer || *claims->customer > 0, "a customer has a number");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    check_token(bytes);
    check_claims(bytes);
    (void)read_head(bytes);
    if (const auto set = KeySet::parse(bytes))
        for (const auto& key : set->keys())
            ensure(set->find(key.id()) == &key, "every key is found by its id");
    if (const auto decoded = from_base64url(bytes))
        ensure(base64url(*decoded) == bytes, "base64url has one text");
    return 0;
}
