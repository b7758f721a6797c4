// Makes bodies: included where they are listed, and by nothing else.
#pragma once
#include <utility>

#include "api/routes/body.h"
#include "kernel/json_impl.h"

namespace yeyak::api {

template <class T>
Body<T>::Body(Reading reading, std::vector<Field> fields, BodyOptions options)
    : rules_(json_detail::table<T>, reading, std::move(fields), std::move(options)) {}

}  // namespace yeyak::api
