#include "auth/key_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "auth/json_object.h"

namespace yeyak::auth {
namespace {

using Error = std::unexpected<std::string>;

std::string_view text_at(const dom::object& key, std::string_view name) {
    return member(key, name).and_then(text_of).value_or("");
}

bool has(const dom::object& key, std::string_view name) { return member(key, name).has_value(); }

// A member that is there says so; one that is not says nothing against it.
bool agrees(const dom::object& key, std::string_view name, std::string_view wanted) {
    return !has(key, name) || text_at(key, name) == wanted;
}

bool may_verify(const dom::object& key) {
    const auto uses = member(key, "key_ops");
    if (!uses) return true;
    dom::array operations;
    if (uses->get_array().get(operations) != simdjson::SUCCESS) return false;
    for (const dom::element operation : operations)
        if (text_of(operation) == "verify") return true;
    return false;
}

std::optional<Algorithm> algorithm_of(const dom::object& key) {
    const auto kind = text_at(key, "kty");
    const auto curve = text_at(key, "crv");
    if (kind == "RSA") return Algorithm::rs256;
    if (kind == "EC" && curve == "P-256") return Algorithm::es256;
    if (kind == "OKP" && curve == "Ed25519") return Algorithm::eddsa;
    return std::nullopt;
}

// "d" is the secret of every kind that has a public half (RFC 7518, 6.2.2 and 6.3.2; RFC 8037).
bool is_private(const dom::object& key) { return has(key, "d") && text_at(key, "kty") != "oct"; }

PublicKey::Made read_key(Algorithm algorithm, const dom::object& key) {
    const auto id = text_at(key, "kid");
    switch (algorithm) {
        case Algorithm::rs256:
            return PublicKey::rsa(id, text_at(key, "n"), text_at(key, "e"));
        case Algorithm::es256:
            return PublicKey::p256(id, text_at(key, "x"), text_at(key, "y"));
        case Algorithm::eddsa:
            return PublicKey::ed25519(id, text_at(key, "x"));
    }
    return Error{"is of no kind that is known"};
}

std::string called(const dom::object& key, std::size_t number) {
    const auto id = text_at(key, "kid");
    return id.empty() ? fmt::format("key {}", number) : fmt::format("key {} ({:?})", number, id);
}

// Nothing for a key that is meant for others.
std::expected<std::optional<PublicKey>, std::string> key_of(const dom::object& key) {
    if (is_private(key))
        return Error{
            "is a private key: whoever can read this can make tokens. Publish the public "
            "half of a new key, and trust the old one no more"};
    const auto algorithm = algorithm_of(key);
    if (!algorithm || !agrees(key, "use", "sig") || !may_verify(key) ||
        !agrees(key, "alg", name_of(*algorithm)))
        return std::nullopt;
    if (has(key, "kid") && text_at(key, "kid").empty()) return Error{"has a kid that is no text"};
    auto made = read_key(*algorithm, key);
    if (!made) return Error{std::move(made).error()};
    return *std::move(made);
}

}  // namespace

std::expected<KeySet, std::string> KeySet::parse(std::string_view json) {
    if (json.size() > max_bytes)
        return Error{fmt::format("is larger than {} KiB", max_bytes / 1024)};
    const auto document = json_detail::parse_document(json);
    if (!document)
        return Error{fmt::format("is no JSON that can be taken: {}", document.error().detail)};
    dom::array keys;
    if (document->at_key("keys").get_array().get(keys) != simdjson::SUCCESS)
        return Error{"is no JWK set: an object with an array \"keys\" (RFC 7517)"};
    if (keys.size() > max_keys) return Error{fmt::format("has more than {} keys", max_keys)};
    KeySet set;
    std::size_t number = 0;
    for (const dom::element element : keys) {
        ++number;
        dom::object object;
        if (element.get_object().get(object) != simdjson::SUCCESS)
            return Error{fmt::format("key {} is no object", number)};
        auto key = key_of(object);
        if (!key) return Error{fmt::format("{} {}", called(object, number), key.error())};
        if (!*key) continue;
        if (set.find((*key)->id()))
            return Error{fmt::format("{} has the id of another", called(object, number))};
        set.keys_.push_back(**std::move(key));
    }
    if (set.keys_.empty())
        return Error{"has no key for RS256, ES256 or EdDSA that may verify a signature"};
    return set;
}

const PublicKey* KeySet::find(std::string_view id) const {
    const auto found = std::ranges::find(keys_, id, &PublicKey::id);
    return found == keys_.end() ? nullptr : &*found;
}

}  // namespace yeyak::auth
