#include "kernel/actor.h"

#include <algorithm>

#include "kernel/utf8.h"

namespace yeyak {

bool is_actor(std::string_view text) {
    return !text.empty() && is_utf8(text) && !has_control(text) && !text.contains(' ') &&
           characters(text) <= max_actor_characters;
}

bool is_program(std::string_view actor) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    const auto same = [&](std::string_view name) {
        return std::ranges::equal(actor, name, {}, lower);
    };
    return same("system") || same("operator") || same("yeyak");
}

}  // namespace yeyak
