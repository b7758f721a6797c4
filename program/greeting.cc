#include "program/greeting.h"

#include <fmt/format.h>

#include <cstdio>

#include "kernel/edge/hosts.h"
#include "kernel/edge/log.h"
#include "program/systems.h"
#include "replay-tools/terminal/quantity.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::program {

void greet(const server::ServeConfig& config, std::uint16_t port) {
    const auto address = fmt::format("{}://{}:{}", config.tls.cert ? "https" : "http",
                                     host_from(config.listen), port);
    const System& system = config.system ? *find_system(*config.system) : *systems().front();
    const auto mount = config.system ? "" : fmt::format("/{}", system.name());
    const auto* token = config.auth.asks() ? " -H \"Authorization: Bearer $YEYAK_TOKEN\"" : "";
    fmt::print(
        "Yeyak listens on {0}, its data is in {1}\n"
        "Try: curl {0}{2}{3}{5} --json '{4}'\n",
        address, config.data.string(), mount, system.try_path, system.try_body, token);
    std::fflush(stdout);
}

void tell(const server::Recovered& found) {
    log::warning("recovered", {{"events", found.events},
                               {"after_checkpoint", found.after_checkpoint},
                               {"effects", found.effects},
                               {"timers", found.timers},
                               {"inboxes", found.inboxes}});
    using tools::counted;
    tools::tell(
        "The last run did not end in order. Recovered: {}, {} of them after the newest signed "
        "checkpoint. What goes on: {}, {} and {}.\n",
        counted(found.events, "event"), tools::grouped(found.after_checkpoint),
        counted(found.effects, "effect"), counted(found.timers, "timer"),
        counted(found.inboxes, "inbox", "inboxes"));
}

}  // namespace yeyak::program
