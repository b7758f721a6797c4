// `yeyak auth token`: makes a token with the key of a data folder.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "auth/issuer.h"
#include "replay-tools/audit/privacy_commands.h"
#include "replay-tools/auth/commands.h"
#include "replay-tools/auth/lifetime.h"
#include "replay-tools/cli/values.h"
#include "replay-tools/exit_code.h"

namespace yeyak::tools {
namespace {

struct Token {
    std::filesystem::path data = {};
    std::string ttl = "1h";
    auth::Grant grant = {.subject = {}, .audience = "yeyak"};
};

int do_token(const Token& asked) {
    const auto ttl_ms = parse_lifetime(asked.ttl);
    if (!ttl_ms) return usage_error("--ttl must be a number and s, m, h or d, such as 1h");
    const auto file = auth::own_key_file_in(asked.data);
    const auto issuer = auth::Issuer::open(file);
    if (!issuer || !*issuer) {
        fmt::print(stderr, "yeyak: {}\n",
                   issuer ? fmt::format("{} is not there: make it with `yeyak auth init --data {}`",
                                        file.string(), asked.data.string())
                          : issuer.error());
        return to_int(ExitCode::cannot_read);
    }
    const auto token = (*issuer)->mint(asked.grant, *ttl_ms, now_at_rest());
    if (!token) return usage_error(token.error());
    fmt::print("{}\n", *token);
    return to_int(ExitCode::ok);
}

}  // namespace

void add_auth_token(CLI::App& auth, Action& action) {
    auto asked = std::make_shared<Token>();
    auto& grant = asked->grant;
    auto* command = auth.add_subcommand("token", "Make a token and print it, and nothing else");
    command->add_option("--data", asked->data, "The data folder, beside a running server as well")
        ->required()
        ->type_name("DIR");
    command
        ->add_option("--subject", grant.subject,
                     "Who it is for, as the log will record who acts: user:1, clerk:kim")
        ->required()
        ->type_name("NAME");
    command
        ->add_option("--role", grant.roles,
                     "What the subject is; may be given several times: customer, seller, "
                     "hospital, clerk, repairer, store, program, operator, auditor")
        ->required()
        ->type_name("ROLE");
    command->add_option("--ttl", asked->ttl, "How long it is good for: 90s, 15m, 1h, 30d")
        ->type_name("TIME")
        ->capture_default_str();
    command->add_option("--audience", grant.audience, "Whom it is for (the server's auth.audience)")
        ->type_name("NAME")
        ->capture_default_str();
    command
        ->add_option("--customer", grant.customer,
                     "The number that the subject's orders carry, when it is not called user:N")
        ->check(whole_number(1))
        ->type_name("N");
    command
        ->add_option("--streams-read", grant.may_read,
                     "Of a program: the beginning of names of streams that it may read; may be "
                     "given several times")
        ->type_name("PREFIX");
    command
        ->add_option("--streams-write", grant.may_write,
                     "Of a program: the same for those that it may append to")
        ->type_name("PREFIX");
    command->footer(
        footer("  yeyak auth token --data ./data --subject user:1 --role customer\n"
               "  export YEYAK_TOKEN=$(yeyak auth token --data ./data --subject ops:kim --role "
               "operator --ttl 15m)\n"
               "  yeyak auth token --data ./data --subject shop-import --role program "
               "--streams-write orders- --streams-read orders- --ttl 30d\n"));
    command->callback([&action, asked] { action = [asked] { return do_token(*asked); }; });
}

}  // namespace yeyak::tools
