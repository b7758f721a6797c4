// What every request and every answer passes, in one place: nobody brings a sealed text in, and
// none goes out.
#pragma once
#include <optional>

#include "api/http/http.h"
#include "privacy/person_keys.h"

namespace yeyak::api {

// A text that could pass for a sealed one would be opened on the way out, for whoever sent it: the
// answer (422, reserved_text) when it stands anywhere in the request.
std::optional<http::Response> refuse_sealed_texts(const http::Request& request);

// Puts the plaintext where sealed texts stand in JSON, also as server-sent events. Text of any
// other kind, such as HTML, has rules of its own for quoting and stays sealed. Evidence (/audit/,
// except what is made for people) is proved by its bytes and stays as it is; so does every answer
// when the request says `Yeyak-Sealed: keep`, for those who check hashes themselves. False when
// there was nothing to open.
bool reveal_answer(privacy::PersonKeys& keys, const http::Request& request,
                   std::string_view content_type, std::string& body);

}  // namespace yeyak::api
