// `yeyak audit rotate-master-key`: wraps the keys of persons with a new master key.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "privacy/rotation.h"
#include "replay-tools/audit/privacy_commands.h"
#include "replay-tools/exit_code.h"
#include "replay-tools/terminal/interrupt.h"
#include "replay-tools/terminal/quantity.h"
#include "replay-tools/terminal/text.h"
#include "server/config/places.h"

namespace yeyak::tools {
namespace {

struct Rotate {
    const Platform& platform;
    std::filesystem::path data = {};
    std::string config = {};
    std::filesystem::path new_file = {};
    bool json = false;
};

int do_rotate(const Rotate& asked) {
    const auto config = config_of(asked.platform.settings, asked.data, asked.config);
    if (!config) return usage_error(config.error());
    const auto places = server::places_of_keys(*config);
    if (places.master.text && asked.new_file.empty())
        return usage_error(
            "the master key comes from the environment: say with --new-file where the new one is");
    const InterruptGuard guard;
    const auto rotated = privacy::rotate_master_key(places, asked.new_file, &interrupted);
    if (!rotated && interrupted()) {
        fmt::print(stderr,
                   "yeyak: interrupted; give the same command again to complete the change\n");
        return to_int(ExitCode::interrupted);
    }
    if (!rotated) return refuse(rotated.error());
    if (asked.json)
        fmt::print("{{\"keys\":{},\"masterKey\":\"{}\",\"file\":\"{}\"}}\n", rotated->keys,
                   rotated->master_id,
                   asked.new_file.empty() ? places.master.file.string() : asked.new_file.string());
    else
        tell("{} wrapped with the new master key {}\n", counted(rotated->keys, "key"),
             rotated->master_id);
    return to_int(ExitCode::ok);
}

}  // namespace

void add_rotate(CLI::App& audit, Action& action, const Platform& platform) {
    auto asked = std::make_shared<Rotate>(Rotate{.platform = platform});
    auto* command =
        audit.add_subcommand("rotate-master-key", "Wrap the keys of persons with a new master key");
    command->add_option("--data", asked->data, "The data folder, which no server uses now")
        ->required()
        ->type_name("DIR");
    command->add_option("--config", asked->config, "The server's TOML file")->type_name("FILE");
    command
        ->add_option("--new-file", asked->new_file,
                     "A file of 32 bytes with the new key, which is to be configured afterwards")
        ->default_str("a new key, in the file of the old one")
        ->type_name("FILE");
    command->add_flag("--json", asked->json, "Print the result as one JSON object");
    command->footer(
        footer("  yeyak audit rotate-master-key --data ./data\n"
               "  openssl rand 32 > new.key && yeyak audit rotate-master-key --data ./data "
               "--new-file new.key\n"));
    command->callback([&action, asked] { action = [asked] { return do_rotate(*asked); }; });
}

}  // namespace yeyak::tools
