#include "auth/read_claims.h"

#include <algorithm>
#include <cmath>

#include "auth/json_object.h"
#include "auth/subject.h"
#include "auth/verifier.h"

namespace yeyak::auth {
namespace {

constexpr double last_second = 253'402'300'799;  // of the year 9999

template <class T>
using Read = std::expected<T, Fault>;

// A claim that may be left out.
template <class T>
using Maybe = Read<std::optional<T>>;

const auto bad = std::unexpected(Fault::bad_claims);

// NumericDate: seconds since 1970, perhaps with a fraction (RFC 7519, section 2).
Maybe<Instant> read_time(const dom::object& claims, std::string_view name) {
    const auto value = member(claims, name);
    if (!value) return std::nullopt;
    double seconds = 0;
    if (!value->is_number() || value->get_double().get(seconds) != simdjson::SUCCESS) return bad;
    if (!(seconds >= 0 && seconds <= last_second)) return bad;
    return Instant{static_cast<std::int64_t>(std::floor(seconds * 1000))};
}

Maybe<std::string> read_text(const dom::object& claims, std::string_view name) {
    const auto value = member(claims, name);
    if (!value) return std::nullopt;
    const auto text = text_of(*value);
    if (!text) return bad;
    return std::string{*text};
}

// None of them empty: as the beginning of a name, that would be everybody's.
Read<std::vector<std::string>> texts_in(const dom::element& value) {
    dom::array items;
    if (value.get_array().get(items) != simdjson::SUCCESS) return bad;
    std::vector<std::string> texts;
    for (const dom::element item : items) {
        const auto text = text_of(item);
        if (!text || text->empty()) return bad;
        texts.emplace_back(*text);
    }
    return texts;
}

// Empty when the claim is not there.
Read<std::vector<std::string>> read_texts(const dom::object& claims, std::string_view name) {
    const auto value = member(claims, name);
    if (!value) return std::vector<std::string>{};
    return texts_in(*value);
}

// One text, or an array of them (RFC 7519, 4.1.3).
Read<std::vector<std::string>> read_audience(const dom::object& claims) {
    const auto value = member(claims, "aud");
    if (!value) return std::vector<std::string>{};
    if (const auto one = text_of(*value)) return std::vector{std::string{*one}};
    return texts_in(*value);
}

Maybe<std::int64_t> read_customer(const dom::object& claims, std::string_view subject) {
    const auto value = member(claims, "customer");
    if (!value) return number_of_user(subject);
    std::int64_t number = 0;
    if (value->get_int64().get(number) != simdjson::SUCCESS) return bad;
    if (!can_be_customer(subject, number)) return bad;
    return number;
}

// A time before which the token does not count.
Maybe<Instant> read_start(const dom::object& claims, std::string_view name, Instant now) {
    auto start = read_time(claims, name);
    if (start && *start && **start > now + leeway_ms) return std::unexpected(Fault::not_yet);
    return start;
}

Read<void> read_times(const dom::object& object, Claims& claims, Instant now) {
    const auto expires = read_time(object, "exp");
    if (!expires) return std::unexpected(expires.error());
    if (!*expires) return std::unexpected(Fault::no_expiry);
    claims.expires = **expires;
    if (is_expired(claims, now)) return std::unexpected(Fault::expired);
    if (const auto start = read_start(object, "nbf", now); !start)
        return std::unexpected(start.error());
    const auto issued = read_start(object, "iat", now);
    if (!issued) return std::unexpected(issued.error());
    claims.issued = issued->value_or(Instant{});
    return {};
}

Read<void> expect_for_us(const dom::object& object, const Expected& expected) {
    const auto issuer = read_text(object, "iss");
    if (!issuer) return std::unexpected(issuer.error());
    if (*issuer != expected.issuer) return std::unexpected(Fault::wrong_issuer);
    const auto audience = read_audience(object);
    if (!audience) return std::unexpected(audience.error());
    if (std::ranges::find(*audience, expected.audience) == audience->end())
        return std::unexpected(Fault::wrong_audience);
    return {};
}

Read<void> read_rights(const dom::object& object, Claims& claims) {
    auto roles = read_texts(object, "roles");
    if (!roles) return std::unexpected(roles.error());
    claims.roles = *std::move(roles);
    const auto customer = read_customer(object, claims.subject);
    if (!customer) return std::unexpected(customer.error());
    claims.customer = *customer;
    auto may_read = read_texts(object, "streams_read");
    if (!may_read) return std::unexpected(may_read.error());
    claims.may_read = *std::move(may_read);
    auto may_write = read_texts(object, "streams_write");
    if (!may_write) return std::unexpected(may_write.error());
    claims.may_write = *std::move(may_write);
    return {};
}

}  // namespace

bool is_expired(const Claims& claims, Instant now) { return now >= claims.expires + leeway_ms; }

std::expected<Claims, Fault> read_claims(std::string_view json, const Expected& expected,
                                         Instant now) {
    const auto object = parse_object(json, Fault::bad_claims);
    if (!object) return std::unexpected(object.error());
    if (const auto ours = expect_for_us(*object, expected); !ours)
        return std::unexpected(ours.error());
    Claims claims;
    if (const auto time = read_times(*object, claims, now); !time)
        return std::unexpected(time.error());
    auto subject = read_text(*object, "sub");
    if (!subject) return std::unexpected(subject.error());
    if (!*subject || !can_act(**subject)) return std::unexpected(Fault::bad_subject);
    claims.subject = **std::move(subject);
    if (const auto rights = read_rights(*object, claims); !rights)
        return std::unexpected(rights.error());
    return claims;
}

}  // namespace yeyak::auth
