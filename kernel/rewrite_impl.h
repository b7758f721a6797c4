// The template of rewrite.h. Included by json_impl.h, whose readers and writers it uses.
#pragma once
#include "kernel/rewrite.h"

namespace yeyak {
namespace json_detail {

template <class T>
std::expected<std::string, JsonError> rewrite_as(std::string_view type, std::string_view payload) {
    if constexpr (HasFormer<T>)
        if (type != T::type) return rewrite_as<typename T::Former>(type, payload);
    auto event = from_json<T>(payload);
    if (!event) return std::unexpected(std::move(event).error());
    std::string out;
    write(out, *event);
    return out;
}

}  // namespace json_detail

template <class Event>
std::expected<std::string, JsonError> rewrite_event(std::string_view type,
                                                    std::string_view payload) {
    std::expected<std::string, JsonError> rewritten = std::unexpected(
        JsonError{"unknown_event", "", fmt::format("no event type is named {}", type)});
    json_detail::mp11::mp_for_each<json_detail::mp11::mp_transform<std::type_identity, Event>>(
        [&]<class T>(std::type_identity<T>) {
            if (json_detail::reads_type<T>(type))
                rewritten = json_detail::rewrite_as<T>(type, payload);
        });
    return rewritten;
}

}  // namespace yeyak
