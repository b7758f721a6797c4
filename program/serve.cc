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
#include "api/routes/revocations.h"
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
#include "program/door.h"
#include "program/greeting.h"
#include "program/listening.h"
#include "program/service_manager.h"
#include "program/systems.h"
#include "replay-tools/cli/cli.h"
#include "replay-tools/exit_code.h"
#include "replay-tools/terminal/quantity.h"
#include "replay-tools/terminal/text.h"
#include "server/auth/tokens.h"
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

// Where everybody may do everything, a limit would only be in the way of the machine's owner.
http::RateOptions rates_of(const server::ServeConfig& config) {
    const auto rate = [&](std::int64_t set, std::int64_t with_tokens) {
        if (set >= 0) return set;
        return config.auth.asks() ? with_tokens : 0;
    };
    const auto& rates = config.rates;
    return {.per_second = {rate(rates.reads, 100), rate(rates.commands, 20), rate(rates.audit, 5)},
            .callers_of_one_address = rates.callers_of_address};
}

http::ServerOptions server_options(const server::ServeConfig& config, const Listening& listening,
                                   const server::DescriptorPlan& descriptors, const Clock& clock,
                                   server::Runtime& runtime) {
    using std::chrono::milliseconds;
    http::ServerOptions options;
    options.address = config.listen;
    options.port = static_cast<std::uint16_t>(config.port);
    options.listening_socket = listening.socket;
    options.tls = listening.tls;
    options.max_connections = descriptors.connections;
    options.max_turned_away = descriptors.turned_away;
    options.max_connections_of_one =
        static_cast<std::size_t>(config.limits.connections_per_address);
    options.proxies = proxy_options(config.proxy);
    options.rates = rates_of(config);
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
    options.on_failed_handshake = [](std::string_view reason) {
        log::debug("handshake_failed", {{"detail", reason}});
    };
    options.on_handler_error = [](const http::Request& request, std::string_view what) {
        log::error("handler_failed", {{"detail", what}}, request.correlation_id);
    };
    return options;
}

std::shared_ptr<http::Places> feed_places(const server::ServeConfig& config) {
    return std::make_shared<http::Places>(static_cast<std::size_t>(config.limits.feeds));
}

}  // namespace

void add_all_routes(http::Router& router, const api::Server& at, server::Tokens& tokens,
                    server::Metrics& metrics, const api::LoadSources& load,
                    const std::atomic<bool>& draining, const api::AccessTable* table) {
    auto& [commands, reads, upkeep, config] = at;
    for (const auto* system : systems()) {
        system->add_routes(router, at, api::Mount{"/" + std::string{system->name()}});
        if (config.system == system->name()) system->add_routes(router, at, api::Mount{""});
    }
    api::add_stream_routes(router, commands, reads);
    api::add_event_routes(router, reads, load.feeds);
    api::add_saga_routes(router, commands, reads);
    api::add_notification_routes(router, commands, reads);
    api::add_audit_routes(router, reads, upkeep, all_personal_streams());
    api::add_backup_routes(router, upkeep);
    api::add_attestation_route(router, at);
    api::add_trail_routes(router, at);
    api::add_erasure_routes(router, at);
    api::add_token_routes(router, at, tokens);
    api::add_actuator_routes(router, commands, reads, upkeep, draining);
    api::add_load_route(router, load);
    api::add_metrics_route(router, metrics, load);
    api::add_projection_routes(router, at);
    api::add_row_history_route(router, reads);
    api::add_entrance_routes(router);
    api::add_openapi_route(router, YEYAK_VERSION, table);
}

namespace {

// Said, not refused: a group may be meant to read a backup. What is made from now on is closed.
void warn_of_open_places(const server::ServeConfig& config) {
    for (const auto& place : server::private_places(config))
        if (const auto mend = audit::closed_by(place))
            log::warning("open_to_other_accounts", {{"path", place.string()}, {"mend", *mend}});
}

// What must be in the log before anybody is served.
void begin_systems(const api::Server& at) {
    for (const auto* system : systems())
        if (system->begin) system->begin(at);
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

// Nothing, and told, when the process may open too few files for anybody to be served.
std::optional<server::DescriptorPlan> plan_descriptors(const server::ServeConfig& config) {
    const auto wanted = static_cast<std::size_t>(config.limits.connections);
    const auto plan = server::plan_descriptors(server::raise_descriptor_limit(), wanted,
                                               static_cast<std::size_t>(config.views.as_of_builds));
    if (!plan) {
        fmt::print(stderr, "yeyak: {}\n", plan.error());
        return std::nullopt;
    }
    if (plan->connections < wanted)
        log::warning("fewer_connections", {{"wanted", config.limits.connections},
                                           {"connections", plan->connections},
                                           {"descriptors", server::descriptor_limit()}});
    return *plan;
}

int give_up(std::string_view why, ExitCode code) {
    fmt::print(stderr, "yeyak: {}\n", why);
    return to_int(code);
}

int run(const server::ServeConfig& config, const Listening& listening) {
    const ServiceManager manager;
    boost::asio::io_context io;
    // From the first moment on: a signal during the start ends the program in order, too.
    boost::asio::signal_set signals{io, SIGTERM, SIGINT};
    boost::asio::signal_set hangups{io};
    if (listening.tls || manager.is_there()) hangups.add(SIGHUP);
    const Clock clock{config.now};
    log::start({.clock = [&clock] { return clock.now(); },
                .level = config.log.level,
                .format = config.log.format});
    std::atomic<bool> draining = false;
    std::atomic<int> exit_code = 0;
    const auto descriptors = plan_descriptors(config);
    if (!descriptors) return to_int(ExitCode::cannot_read);
    http::Router router;
    std::optional<http::Server> server;
    const auto drain = [&] {
        if (draining.exchange(true)) return;
        manager.stopping();
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
    const auto tokens = server::Tokens::open(config, (*runtime)->reads().log(), clock);
    if (!tokens) return tools::refuse(tokens.error());
    warn_of_open_places(config);
    if (listening.tls) warn_of_validity(*listening.tls);
    const api::Server at{(*runtime)->commands(), (*runtime)->reads(), (*runtime)->upkeep(), config};
    begin_systems(at);
    LoopWatch loop{slow_handler, log_slow};
    const auto table = access_table(config.system);
    add_all_routes(router, at, **tokens, (*runtime)->metrics(),
                   {loop, [&] { return server->report(); }, feed_places(config)}, draining,
                   config.auth.asks() ? &table : nullptr);
    if (const auto fits = table.fits(router); !fits)
        return give_up(fits.error(), ExitCode::internal);
    auto options = server_options(config, listening, *descriptors, clock, **runtime);
    Door door{table, **tokens, clock, **runtime};
    if (config.auth.asks()) door.guard(options, io);
    server.emplace(io, std::move(options), router);
    const auto port = server->listen();
    if (!port) return give_up(port.error(), ExitCode::cannot_listen);
    signals.async_wait([&](const boost::system::error_code& error, int) {
        if (!error) drain();
    });
    boost::asio::co_spawn(io, close_days(at, clock), boost::asio::detached);
    boost::asio::co_spawn(io, read_again_on(hangups, manager, listening.tls),
                          boost::asio::detached);
    boost::asio::co_spawn(io, tell_alive(manager), boost::asio::detached);
    if (const auto& found = (*runtime)->recovered()) tell(*found);
    greet(config, *port);
    manager.ready();
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
        "SIGTERM ends it in order: readiness goes down, running requests finish, exit 0.\n"
        "SIGHUP reads the files of tls.cert, tls.key and tls.client_ca again.\n"));
    const auto flags = std::make_shared<server::Settings>();
    server::register_flags(settings(), *command, *flags);
    command->callback([flags, &action] {
        action = [flags] {
            auto config = server::load_config(settings(), server::environment(), *flags);
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
            const auto listening = prepare_to_listen(*config);
            if (!listening) {
                fmt::print(stderr, "yeyak: {}\n", listening.error());
                return to_int(ExitCode::usage);
            }
            return run(*config, *listening);
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
