#include "replay-tools/cli/actor.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "kernel/actor.h"
#include "kernel/normal_number.h"

namespace yeyak::tools {
namespace {

// What is wrong with a name, empty when nothing is.
std::string refuse_actor(const std::string& name) {
    if (!is_actor(name))
        return fmt::format("must be 1 to {} characters without blanks", max_actor_characters);
    if (mentions_registration_number(name))
        return "is recorded for ever, so no number that names a person may stand in it";
    if (is_program(name)) return name + " is a name of the program; say who you are";
    return {};
}

}  // namespace

std::string account_name() {
    const auto* account = getpwuid(geteuid());
    const std::string name = account != nullptr ? account->pw_name : "";
    return refuse_actor(name).empty() ? name : std::string{nobody};
}

void add_actor(CLI::App& command, std::string& actor) {
    actor = account_name();
    command.add_option("--actor", actor, "Who acts, for the record")
        ->check(CLI::Validator{[](std::string& name) { return refuse_actor(name); }, ""})
        ->type_name("NAME")
        ->default_str("the account");
}

}  // namespace yeyak::tools
