// The flags of `yeyak serve`, made from the table. Values stay text here: load_config() checks
// them, so that a flag, a variable and a line of the file are refused in the same words. Alone in
// its file because CLI11 compiles slowly.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <vector>

#include "kernel/nearest.h"
#include "server/config/config_keys.h"

namespace yeyak::server {
namespace {

// A sentence as in the help of the other commands, and the value as it is typed, not as in TOML.
std::string describe(const ConfigKey& key) {
    std::string help{key.help};
    if (help.front() >= 'a' && help.front() <= 'z') help.front() -= 'a' - 'A';
    std::string details = allowed_values(key);
    if (const auto value = default_value(key)) {
        const bool quoted = value->starts_with('"');
        details += fmt::format("{}default {}", details.empty() ? "" : "; ",
                               quoted ? value->substr(1, value->size() - 2) : *value);
    }
    return details.empty() ? help : fmt::format("{} ({})", help, details);
}

// The flags of the command that was given: of the outermost one and of those under it.
std::vector<std::string> flags_of(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options()) {
        for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
    for (const CLI::App* inner : app.get_subcommands()) {
        for (std::string& name : flags_of(*inner)) names.push_back(std::move(name));
    }
    return names;
}

std::string failure_message(const CLI::App* app, const CLI::Error& error) {
    std::string message;
    if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
        for (const std::string& extra : app->remaining(true)) {
            if (!extra.starts_with("--")) continue;
            const std::string name = extra.substr(0, extra.find('='));
            message +=
                fmt::format("unknown flag {}{}\n", name, hint(nearest(name, flags_of(*app))));
        }
    }
    if (message.empty()) message = fmt::format("{}\n", error.what());
    return message + "Run with --help to see what can be given.\n";
}

}  // namespace

void register_flags(ConfigKeys keys, CLI::App& app, Settings& flags) {
    const auto add = [&](const std::string& path, const std::string& help) {
        return app.add_option_function<std::string>(
            flag_of(path), [&flags, path](const std::string& text) { flags[path] = text; }, help);
    };
    add("config", "TOML file with settings; also YEYAK_CONFIG")->type_name("FILE");
    for (const ConfigKey& key : keys) {
        if (key.secret) continue;
        CLI::Option* option = add(std::string(key.path), describe(key));
        option->type_name(is_number(key) ? "NUMBER" : "TEXT");
        const std::size_t dot = key.path.find('.');
        if (dot != key.path.npos) option->group(std::string(key.path.substr(0, dot)));
    }
    CLI::App* outermost = &app;
    while (outermost->get_parent() != nullptr) outermost = outermost->get_parent();
    outermost->failure_message(failure_message);
}

}  // namespace yeyak::server
