#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "replay-tools/backup/report.h"
#include "replay-tools/backup/take.h"
#include "replay-tools/exit_code.h"
#include "replay-tools/remote/server.h"
#include "replay-tools/terminal/interrupt.h"
#include "replay-tools/terminal/progress.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::tools {
namespace {

constexpr std::chrono::milliseconds between_looks{200};

int no_answer(const remote::Failure& failure) {
    fmt::print(stderr, "yeyak: {}\n", failure.message);
    return to_int(failure.status == 0 ? ExitCode::no_server : ExitCode::failed);
}

std::string body_of(const TakeOptions& options) {
    auto body = fmt::format("{{\"to\":{}", json_text(options.to.string()));
    if (!options.keys_to.empty())
        body += fmt::format(",\"keysTo\":{}", json_text(options.keys_to.string()));
    return body + "}";
}

int print_ended(const remote::Answer& job, const TakeOptions& options) {
    const bool done = job.text("/state") == "done";
    if (options.json) {
        fmt::print("{}\n", job.body);
    } else if (done) {
        const auto number = [&](const char* name) {
            return static_cast<std::uint64_t>(job.number(name).value_or(0));
        };
        tell("{}\n",
             taken_text({number("/number"), job.text("/to").value_or(""), number("/position"),
                         number("/bytes"), number("/files"), number("/newBytes")}));
        tell("Root {}, signed by {}\n", job.text("/root").value_or(""),
             job.text("/log").value_or(""));
    } else {
        fmt::print(stderr, "yeyak: {}\n", job.text("/error").value_or("the backup failed"));
    }
    return to_int(done ? ExitCode::ok : ExitCode::failed);
}

}  // namespace

int ask_server(const TakeOptions& options) {
    const auto address = remote::parse_address(options.server);
    if (!address) {
        fmt::print(stderr, "yeyak: --server: {}\n", address.error());
        return to_int(ExitCode::usage);
    }
    remote::Server server{*address};
    const auto begun = server.call({.method = "POST",
                                    .path = "/audit/backups",
                                    .body = body_of(options),
                                    .key = "",
                                    .actor = options.actor});
    if (!begun) return no_answer(begun.error());
    const auto id = begun->number("/id").value_or(0);
    const InterruptGuard guard;
    Progress progress{"backup", 0, Progress::bytes};
    while (!interrupted()) {
        const auto job = server.get(fmt::format("/audit/backups/{}", id));
        if (!job) return no_answer(job.error());
        if (job->text("/state") != "running") {
            progress.clear();
            return print_ended(*job, options);
        }
        progress.reached(static_cast<std::uint64_t>(job->number("/bytesCopied").value_or(0)));
        std::this_thread::sleep_for(between_looks);
    }
    progress.clear();
    fmt::print(stderr,
               "yeyak: the server goes on with it; GET /audit/backups/{} tells how far it is\n",
               id);
    return to_int(ExitCode::interrupted);
}

}  // namespace yeyak::tools
