// Where an issuer has his keys (OpenID Connect Discovery 1.0, section 4). Pure.
#pragma once
#include <expected>
#include <string>
#include <string_view>

namespace yeyak::server {

// The address of the document about an issuer.
std::string discovery_url(std::string_view issuer);

// The address of his keys. The document must name the same issuer, byte for byte: else it is about
// somebody else. The address must be https, or http when the issuer himself is on this machine. The
// error is the rest of a sentence that begins with the document.
std::expected<std::string, std::string> keys_url(std::string_view document,
                                                 std::string_view issuer);

// Where keys can be asked for without somebody on the way putting in his own: https, or this
// machine. A slash at the end is let be.
bool is_trustworthy(std::string_view address);

}  // namespace yeyak::server
