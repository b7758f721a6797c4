#include "replay-tools/reading/revealer.h"

#include <fmt/format.h>

#include "server/config/places.h"

namespace yeyak::tools {

struct Revealer::Keys {
    std::unique_ptr<privacy::Vault> vault;
    std::unique_ptr<privacy::PersonKeys> keys;

    static std::expected<std::unique_ptr<Keys>, std::string> open(
        server::ConfigKeys settings, const std::filesystem::path& data) {
        const auto config =
            server::load_config(settings, server::environment(), {{"data", data.string()}});
        if (!config) return std::unexpected(config.error());
        auto opened = std::make_unique<Keys>();
        auto vault =
            privacy::Vault::open(server::places_of_tokens(*config), privacy::IfMissing::refuse);
        if (!vault) return std::unexpected(std::move(vault).error());
        opened->vault = std::make_unique<privacy::Vault>(*std::move(vault));
        auto keys =
            privacy::PersonKeys::open_read_only(server::places_of_keys(*config), *opened->vault);
        if (!keys) return std::unexpected(std::move(keys).error().detail);
        opened->keys = *std::move(keys);
        return opened;
    }
};

Revealer::Revealer(server::ConfigKeys settings, std::filesystem::path data)
    : settings_(settings), data_(std::move(data)) {}
Revealer::~Revealer() = default;

std::string Revealer::operator()(std::string_view json) {
    std::string text{json};
    if (!privacy::find_sealed(text)) return text;
    if (!std::exchange(tried_, true)) {
        auto opened = Keys::open(settings_, data_);
        if (opened)
            keys_ = *std::move(opened);
        else
            fmt::print(stderr, "yeyak: personal fields are shown sealed: {}\n", opened.error());
    }
    if (keys_) keys_->keys->reveal_json(text);
    return text;
}

}  // namespace yeyak::tools
