#include "program/serve.h"

#include <fmt/format.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <random>
#include <thread>

#include "api/http/foreign_page.h"
#include "api/http/server.h"
#include "api/routes/actuator.h"
#include "api/routes/attestation.h"
#include "api/routes/audit.h"
#include "api/routes/backups.h"
#include "api/routes/entrance.h"
#include "api/routes/erasures.h"
#include "api/routes/load.h"
#include "api/routes/metrics.h"
#include "api/routes/notifications.h"
#include "api/routes/openapi.h"
#include "api/routes/projections.h"
#include "api/routes/row_history.h"
#include "api/routes/sagas.h"
#include "api/routes/streams.h"
#include "api/routes/trail.h"
#include "api/seal_gate.h"
#include "audit/proofs/files.h"
#include "kernel/day_end.h"
#include "kernel/edge/hosts.h"
#include "kernel/edge/log.h"
#include "kernel/ensure.h"
#include "program/systems.h"
#include "replay-tools/cli/cli.h"
#include "replay-tools/exit_code.h"
#include "replay-tools/terminal/quantity.h"
#include "replay-tools/terminal/text.h"
#include "server/config/config.h"
#include "server/config/places.h"
#include "server/runtime.h"

namespace yeyak::program {
using tools::ExitCode;
using tools::to_int;

namespace {

constexpr std::chrono::seconds drain_deadline{20};
// After the disk has failed: requests that are on their way are told the outcome, too.
constexpr std::chrono::milliseconds last_answers{250};
// Whatever the thread of all connections does for longer holds up everybody.
constexpr std::chrono::milliseconds slow_handler{20};

// 16 hexadecimal digits, from a generator seeded once: unique enough to follow one request.
std::function<std::string()> correlation_ids() {
    std::random_device device;
    auto random = std::make_shared<std::mt19937_64>(std::uint64_t{device()} << 32 | device());
    return [random] { return fmt::format("{:016x}", (*random)()); };
}

// Requests that failed on our side are always told, the others at level debug.
void log_access(const http::AccessRecord& record) {
    const auto level = record.status >= 500 ? log::Level::warning : log::Level::debug;
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(record.duration).count();
    log::write(level, "request",
               {{"method", record.method},
                {"route", record.pattern},
                {"status", record.status},
                {"us", us},
                {"error", record.error_code}},
               record.correlation_id);
}

void count_access(server::RequestFigures& requests, const http::AccessRecord& record) {
    requests.note({.method = record.method,
                   .route = record.pattern,
                   .status = record.status,
                   .refusal = record.error_code,
                   .took = record.duration,
                   .streamed = record.streamed});
}

void log_slow(std::chrono::nanoseconds took, std::string_view what) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
    log::warning("slow_handler", {{"ms", ms}, {"what", what}});
}

http::ProxyOptions proxy_options(const server::ProxyConfig& config) {
    http::ProxyOptions options;
    auto trusted = AddressBlocks::parse(config.trusted.value_or(""));
    ensure(trusted.has_value(), "the configuration was checked");
    options.trusted = *std::move(trusted);
    if (config.field == "forwarded") options.field = http::ProxyOptions::Field::forwarded;
    options.public_address = config.public_address.value_or("");
    return options;
}

std::vector<std::string> names(NameList list) {
    ensure(list.has_value(), "the configuration was checked");
    return *std::move(list);
}

// What clients may call this server.
std::vector<std::string> hosts_of(const server::ServeConfig& config) {
    auto hosts = names(parse_hosts(config.http.hosts.value_or("")));
    for (const auto* own : {"localhost", "127.0.0.1", "[::1]"}) hosts.emplace_back(own);
    hosts.push_back(host_from(config.listen));
    if (const auto& address = config.proxy.public_address)
        hosts.emplace_back(host_of(authority_of(*address)));
    return hosts;
}

http::ServerOptions server_options(const server::ServeConfig& config,
                                   const server::DescriptorPlan& descriptors, const Clock& clock,
                                   server::Runtime& runtime) {
    using std::chrono::milliseconds;
    http::ServerOptions options;
    options.address = config.listen;
    options.port = static_cast<std::uint16_t>(config.port);
    options.max_connections = descriptors.connections;
    options.max_turned_away = descriptors.turned_away;
    options.max_connections_of_one =
        static_cast<std::size_t>(config.limits.connections_per_address);
    options.proxies = proxy_options(config.proxy);
    options.memory_bytes = static_cast<std::size_t>(config.limits.memory_bytes);
    options.max_head_bytes = static_cast<std::size_t>(config.limits.head_bytes);
    options.max_body_bytes = static_cast<std::size_t>(config.limits.body_bytes);
    options.head_deadline = milliseconds{config.limits.head_deadline_ms};
    options.body_deadline = milliseconds{config.limits.body_deadline_ms};
    options.write_deadline = milliseconds{config.limits.write_deadline_ms};
    options.idle_deadline = milliseconds{config.limits.idle_deadline_ms};
    options.wall_clock = [&clock] {
        return std::chrono::system_clock::time_point{milliseconds{clock.now().ms}};
    };
    options.monotonic_clock = [] {
        return std::chrono::nanoseconds{std::chrono::steady_clock::now().time_since_epoch()};
    };
    options.make_correlation_id = correlation_ids();
    options.origins = names(parse_origins(config.http.origins.value_or("")));
    options.refuse = [hosts = hosts_of(config),
                      origins = options.origins](const http::Request& request) {
        auto refused = http::refuse_unknown_host(request, hosts);
        if (!refused) refused = http::refuse_foreign_page(request, origins);
        return refused ? refused : api::refuse_sealed_texts(request);
    };
    options.last_pass = [&keys = runtime.person_keys()](const http::Request& request,
                                                        std::string_view content_type,
                                                        std::string& body) {
        return api::reveal_answer(keys, request, content_type, body);
    };
    options.on_access = [&requests = runtime.request_figures()](const http::AccessRecord& record) {
        log_access(record);
        count_access(requests, record);
    };
    options.on_handler_error = [](const http::Request& request, std::string_view what) {
        log::error("handler_failed", {{"detail", what}}, request.correlation_id);
    };
    return options;
}

std::shared_ptr<http::Places> feed_places(const server::ServeConfig& config) {
    return std::make_shared<http::Places>(static_cast<std::size_t>(config.limits.feeds));
}

void add_routes(http::Router& router, const api::Server& at, server::Metrics& metrics,
                const api::LoadSources& load, const std::atomic<bool>& draining) {
    auto& [commands, reads, upkeep, config] = at;
    for (const auto* system : systems()) {
        system->add_routes(router, at, api::Mount{"/" + std::string{system->name()}});
        if (config.system == system->name()) system->add_routes(router, at, api::Mount{""});
    }
    api::add_stream_routes(router, commands, reads);
    api::add_event_routes(router, reads, load.feeds);
    api::add_saga_routes(router, commands, reads);
    api::add_notification_routes(router, commands, reads);
    api::add_audit_routes(router, reads, upkeep);
    api::add_backup_routes(router, upkeep);
    api::add_attestation_route(router, at);
    api::add_trail_routes(router, at);
    api::add_erasure_routes(router, at);
    api::add_actuator_routes(router, commands, reads, upkeep, draining);
    api::add_load_route(router, load);
    api::add_metrics_route(router, metrics, load);
    api::add_projection_routes(router, at);
    api::add_row_history_route(router, reads);
    api::add_entrance_routes(router);
    api::add_openapi_route(router, YEYAK_VERSION);
}

// Said, not refused: a group may be meant to read a backup. What is made from now on is closed.
void warn_of_open_places(const server::ServeConfig& config) {
    for (const auto& place : server::private_places(config))
        if (const auto mend = audit::closed_by(place))
            log::warning("open_to_other_accounts", {{"path", place.string()}, {"mend", *mend}});
}

// Systems close the days that are over.
boost::asio::awaitable<void> close_days(const api::Server& at, const Clock& clock) {
    boost::asio::steady_timer pause{co_await boost::asio::this_coro::executor};
    while (true) {
        const std::chrono::milliseconds wait{ms_to_next_look(clock.now())};
        for (const auto* system : systems())
            if (system->close_days) co_await system->close_days(at);
        pause.expires_after(wait);
        co_await pause.async_wait(boost::asio::use_awaitable);
    }
}

// What a person who just started it wants to know.
void greet(const server::ServeConfig& config, std::uint16_t port) {
    const auto address = fmt::format("http://{}:{}", host_from(config.listen), port);
    const System& system = config.system ? *find_system(*config.system) : *systems().front();
    const auto mount = config.system ? "" : fmt::format("/{}", system.name());
    fmt::print(
        "Yeyak listens on {0}, its data is in {1}\n"
        "Try: curl {0}{2}{3} --json '{4}'\n",
        address, config.data.string(), mount, system.try_path, system.try_body);
    std::fflush(stdout);
}

// After a run that did not end in order: what is there again, and what goes on.
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

int run(const server::ServeConfig& config) {
    boost::asio::io_context io;
    // From the first moment on: a signal that comes during the start ends the program in order,
    // too.
    boost::asio::signal_set signals{io, SIGTERM, SIGINT};
    const Clock clock{config.now};
    log::start({.clock = [&clock] { return clock.now(); },
                .level = config.log.level,
                .format = config.log.format});
    std::atomic<bool> draining = false;
    std::atomic<int> exit_code = 0;
    const auto descriptors = server::plan_descriptors(
        server::raise_descriptor_limit(), static_cast<std::size_t>(config.limits.connections),
        static_cast<std::size_t>(config.views.as_of_builds));
    if (!descriptors) {
        fmt::print(stderr, "yeyak: {}\n", descriptors.error());
        return to_int(ExitCode::cannot_read);
    }
    if (descriptors->connections < static_cast<std::size_t>(config.limits.connections))
        log::warning("fewer_connections", {{"wanted", config.limits.connections},
                                           {"connections", descriptors->connections},
                                           {"descriptors", server::descriptor_limit()}});
    http::Router router;
    std::optional<http::Server> server;
    const auto drain = [&] {
        if (draining.exchange(true)) return;
        log::info("draining", {{"connections", server->active()}});
        server->drain(drain_deadline, [&](std::size_t cut) {
            log::info("drained", {{"cut", cut}});
            io.stop();
        });
    };
    boost::asio::steady_timer until_drain{io};
    // Nobody who waits is cut: each is told that the outcome is not known.
    const auto on_fatal = [&] {
        exit_code = to_int(ExitCode::disk_failed);
        until_drain.expires_after(last_answers);
        until_drain.async_wait([&](const boost::system::error_code&) { drain(); });
    };
    auto runtime = server::Runtime::start(config, server_platform(), io, on_fatal, *descriptors);
    if (!runtime) return tools::refuse(runtime.error());
    warn_of_open_places(config);
    const api::Server at{(*runtime)->commands(), (*runtime)->reads(), (*runtime)->upkeep(), config};
    for (const auto* system : systems())
        if (system->begin) system->begin(at);
    LoopWatch loop{slow_handler, log_slow};
    add_routes(router, at, (*runtime)->metrics(),
               {loop, [&] { return server->report(); }, feed_places(config)}, draining);
    server.emplace(io, server_options(config, *descriptors, clock, **runtime), router);
    const auto port = server->listen();
    if (!port) {
        fmt::print(stderr, "yeyak: {}\n", port.error());
        return to_int(ExitCode::cannot_listen);
    }
    signals.async_wait([&](const boost::system::error_code& error, int) {
        if (!error) drain();
    });
    boost::asio::co_spawn(io, close_days(at, clock), boost::asio::detached);
    if (const auto& found = (*runtime)->recovered()) tell(*found);
    greet(config, *port);
    log::info("started", {{"port", *port}, {"position", at.reads.log().head()}});
    loop.run(io);
    runtime->reset();
    log::info("stopped", {{"code", exit_code.load()}});
    return exit_code;
}

}  // namespace

void add_serve(CLI::App& app, std::function<int()>& action) {
    auto* command = app.add_subcommand("serve", "Serve the HTTP API on a data folder");
    command->footer(tools::footer(
        "  yeyak serve\n"
        "  yeyak serve --system prereservation --port 8088 --data /var/lib/yeyak\n"
        "  yeyak serve --now 2021-09-29T09:00:00+09:00 --log-level debug\n\n"
        "SIGTERM ends it in order: readiness goes down, running requests finish, exit 0.\n"));
    const auto flags = std::make_shared<server::Settings>();
    server::register_flags(settings(), *command, *flags);
    command->callback([flags, &action] {
        action = [flags] {
            const auto config = server::load_config(settings(), server::environment(), *flags);
            if (!config) {
                fmt::print(stderr, "yeyak: {}\n", config.error());
                return to_int(ExitCode::usage);
            }
            if (config->system && !find_system(*config->system)) {
                std::string known;
                for (const auto* system : systems())
                    known += (known.empty() ? "" : ", ") + std::string{system->name()};
                fmt::print(stderr, "yeyak: there is no system {}; there are: {}\n", *config->system,
                           known);
                return to_int(ExitCode::usage);
            }
            return run(*config);
        };
    });
}

void add_config(CLI::App& app, std::function<int()>& action) {
    auto* command = app.add_subcommand("config", "Print every setting with its default, as TOML");
    command->footer("Example:\n  yeyak config > yeyak.toml");
    command->callback([&action] {
        action = [] {
            fmt::print("{}", server::config_reference(settings()));
            return 0;
        };
    });
}

}  // namespace yeyak::program
