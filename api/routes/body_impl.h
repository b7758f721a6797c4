// Makes bodies: included where they are listed, and by nothing else.
#pragma once
#include <concepts>
#include <utility>

#include "api/routes/body.h"
#include "kernel/json_body_impl.h"
#include "privacy/personal.h"

namespace yeyak::json_detail {

// A personal text is read like any other, and said to be one.
template <std::derived_from<privacy::PlainText> T>
struct TableOf<T> : Plain<Kind::text> {};

}  // namespace yeyak::json_detail

namespace yeyak::api {

template <class T>
Body<T>::Body(Reading reading, std::vector<Field> fields, BodyOptions options)
    : rules_(json_detail::table<T>, reading, std::move(fields), std::move(options)) {
    static_assert(!json_detail::bares_a_person(json_detail::table<T>),
                  "a field that is about a person is of a type of privacy/personal.h");
}

template <class T>
ListBody<T>::ListBody(Field list)
    : list_(std::move(list)), type_(json_detail::table<std::vector<T>>) {}

}  // namespace yeyak::api
