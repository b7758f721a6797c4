// Puts the sources together, weakest first, and says everything that is wrong with them at once.
#include "server/config/config.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "kernel/nearest.h"
#include "server/config/config_file.h"
#include "server/config/config_keys.h"
#include "server/config/contradictions.h"

namespace yeyak::server {
namespace {

constexpr std::string_view file_variable = "YEYAK_CONFIG";
constexpr std::string_view file_flag = "config";
// What the commands that speak with a server send. It may stand in the environment of one, too.
constexpr std::string_view token_variable = "YEYAK_TOKEN";

std::vector<std::string> paths_of(ConfigKeys keys) {
    std::vector<std::string> all;
    for (const ConfigKey& key : keys) all.emplace_back(key.path);
    return all;
}

// A value as a message repeats it; a secret is not repeated.
std::string shown(const ConfigKey& key, const std::string& value) {
    return key.secret ? "(not shown)" : fmt::format("{:?}", value);
}

std::string_view last_part(std::string_view path) { return path.substr(path.rfind('.') + 1); }

// A key that stands in the wrong table is the commonest mistake in TOML; then a typing error.
std::optional<std::string> nearest_path(ConfigKeys keys, std::string_view wanted) {
    for (const std::string& path : paths_of(keys)) {
        if (last_part(path) == last_part(wanted)) return path;
    }
    return nearest(wanted, paths_of(keys));
}

bool is_table(ConfigKeys keys, std::string_view path) {
    return std::ranges::any_of(keys, [&](const ConfigKey& key) {
        return key.path.starts_with(path) && key.path.substr(path.size()).starts_with('.');
    });
}

// Kubernetes puts YEYAK_PORT=tcp://... into every pod beside a service of the program's name.
bool is_service_link(std::string_view name, std::string_view value) {
    return value.starts_with("tcp://") || value.starts_with("udp://") ||
           name.starts_with("YEYAK_SERVICE_") || name.starts_with("YEYAK_PORT_");
}

constexpr std::string_view service_link_words =
    "; Kubernetes sets it beside a service of that name: set enableServiceLinks to false in the "
    "pod";

class Loader {
  public:
    explicit Loader(ConfigKeys keys) : keys_(keys) {}

    void read_file(const std::string& file) {
        const auto settings = read_config_file(file);
        if (!settings) {
            problems_.push_back(settings.error());
            return;
        }
        for (const FileSetting& setting : *settings) apply(file, setting);
    }

    void read_environment(const Settings& env) {
        for (const auto& [name, value] : env) {
            const auto key = std::ranges::find(keys_, name, &ConfigKey::variable);
            if (!name.empty() && key != keys_.end()) apply_variable(variable_of(key->path), value);
        }
        for (const auto& [name, value] : env)
            if (name.starts_with("YEYAK_") && name != file_variable && name != token_variable)
                apply_variable(name, value);
    }

    void read_flags(const Settings& flags) {
        for (const auto& [path, value] : flags) {
            if (path == file_flag) continue;
            const ConfigKey* key = find_key(keys_, path);
            if (!key) {
                problems_.push_back(fmt::format("unknown flag {}", flag_of(path)));
            } else if (const auto done = assign(*key, config_, value); !done) {
                problems_.push_back(fmt::format("{} {:?}: {}", flag_of(path), value, done.error()));
            }
        }
    }

    std::expected<ServeConfig, std::string> result() const {
        const auto problems = problems_.empty() ? contradictions(config_) : problems_;
        if (problems.empty()) return config_;
        return std::unexpected(fmt::format("{}", fmt::join(problems, "\n")));
    }

  private:
    void apply(const std::string& file, const FileSetting& setting) {
        const ConfigKey* key = find_key(keys_, setting.path);
        if (!key) {
            refuse_path(file, setting);
            return;
        }
        const auto done = assign_typed(*key, setting);
        if (done) return;
        const bool quoted = setting.type == FileType::text;
        problems_.push_back(fmt::format(
            "{}:{}:{}: {} = {}: {}", file, setting.value_at.line, setting.value_at.column,
            setting.path, quoted ? shown(*key, setting.text) : setting.text, done.error()));
    }

    // What a key takes is stricter in the file than in a variable: TOML has types.
    std::expected<void, Reason> assign_typed(const ConfigKey& key, const FileSetting& setting) {
        const bool number = is_number(key);
        const bool truth = is_truth(key);
        const bool fits = number  ? setting.type == FileType::whole_number
                          : truth ? setting.type == FileType::truth
                                  : setting.type == FileType::text ||
                                        (is_instant(key) && setting.type == FileType::instant);
        if (fits) return assign(key, config_, setting.text);
        const auto* wanted = number ? "a whole number" : truth ? "true or false" : "a string";
        return std::unexpected(fmt::format("must be {}, not {}", wanted, setting.type_words));
    }

    void refuse_path(const std::string& file, const FileSetting& setting) {
        const bool table = is_table(keys_, setting.path);
        if (table && setting.type == FileType::empty_table) return;
        problems_.push_back(
            fmt::format("{}:{}:{}: {}", file, setting.key_at.line, setting.key_at.column,
                        table ? fmt::format("{} is a table, not a value", setting.path)
                              : fmt::format("unknown key {:?}{}", setting.path,
                                            hint(nearest_path(keys_, setting.path)))));
    }

    void apply_variable(const std::string& name, const std::string& value) {
        std::vector<std::string> names{std::string(file_variable)};
        for (const ConfigKey& key : keys_) {
            names.push_back(variable_of(key.path));
            if (names.back() != name) continue;
            const auto done = assign(key, config_, value);
            if (done) return;
            problems_.push_back(
                fmt::format("{} = {}: {}{}", name, shown(key, value), done.error(),
                            is_service_link(name, value) ? service_link_words : ""));
            return;
        }
        problems_.push_back(fmt::format("unknown variable {}{}", name,
                                        is_service_link(name, value)
                                            ? std::string(service_link_words)
                                            : hint(nearest(name, names))));
    }

    ConfigKeys keys_;
    ServeConfig config_;
    std::vector<std::string> problems_;
};

std::optional<std::string> find_setting(const Settings& settings, std::string_view name) {
    const auto found = settings.find(std::string(name));
    if (found == settings.end()) return std::nullopt;
    return found->second;
}

std::string reference_row(const ConfigKey& key) {
    const std::string allowed = allowed_values(key);
    const std::string value = default_value(key).value_or("\"\"");
    return fmt::format("# {}{}.\n# {}{}\n{} = {}\n\n", key.help,
                       allowed.empty() ? "" : ": " + allowed, variable_of(key.path),
                       key.secret ? "" : " or " + flag_of(key.path), last_part(key.path), value);
}

}  // namespace

Settings environment() {
    Settings all;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text{*entry};
        const auto equals = text.find('=');
        if (equals != std::string_view::npos)
            all.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return all;
}

std::expected<ServeConfig, std::string> load_config(ConfigKeys keys, const Settings& env,
                                                    const Settings& flags) {
    Loader loader{keys};
    auto file = find_setting(flags, file_flag);
    if (!file) file = find_setting(env, file_variable);
    if (file) loader.read_file(*file);
    loader.read_environment(env);
    loader.read_flags(flags);
    return loader.result();
}

std::string config_reference(ConfigKeys keys) {
    std::string out =
        "# Every setting of `yeyak serve` with its default. Stronger than this file (--config FILE "
        "or\n"
        "# YEYAK_CONFIG) are the variables of the environment, and stronger than those the "
        "flags.\n\n";
    std::string_view table;
    for (const ConfigKey& key : keys) {
        const std::string_view own =
            key.path.substr(0, key.path.size() - last_part(key.path).size());
        if (own != table) {
            table = own;
            out += fmt::format("[{}]\n", table.substr(0, table.size() - 1));
        }
        out += reference_row(key);
    }
    out.pop_back();
    return out;
}

}  // namespace yeyak::server
