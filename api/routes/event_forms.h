// Forms of text that events have: those of CloudEvents 1.0, and those of the log. What is of
// another form cannot be read as what it is said to be.
#pragma once
#include "api/routes/body.h"

namespace yeyak::api::event_forms {

std::string_view refuse_empty(std::string_view text);
std::string_view refuse_source(std::string_view text);
std::string_view refuse_uri(std::string_view text);
std::string_view refuse_time(std::string_view text);
std::string_view refuse_media_type(std::string_view text);
std::string_view refuse_tags(std::string_view text);
std::string_view refuse_base64(std::string_view text);
std::string_view refuse_actor(std::string_view text);
std::string_view refuse_expected(std::string_view text);
std::string_view refuse_name(std::string_view text);

inline constexpr std::string_view wrong = "wrong_type";
inline constexpr TextForm not_empty{"", &refuse_empty, wrong};
inline constexpr TextForm uri_reference{"", &refuse_source, wrong, R"("format":"uri-reference")"};
inline constexpr TextForm uri{"", &refuse_uri, wrong, R"("format":"uri")"};
inline constexpr TextForm instant{"", &refuse_time, wrong, R"("format":"date-time")"};
inline constexpr TextForm media_type{"", &refuse_media_type, wrong};
inline constexpr TextForm joined_tags{"", &refuse_tags, wrong};
inline constexpr TextForm base64{"", &refuse_base64, wrong, R"("contentEncoding":"base64")"};
inline constexpr TextForm actor{R"(^[^ \u0000-\u001F\u007F-\u009F]{1,64}$)", &refuse_actor,
                                "bad_actor"};
inline constexpr TextForm expectation{"^(?:any|no-stream|exists|[0-9]+)$", &refuse_expected, wrong};
inline constexpr TextForm attribute_name{"^[a-z0-9]{1,64}$", &refuse_name};

}  // namespace yeyak::api::event_forms
