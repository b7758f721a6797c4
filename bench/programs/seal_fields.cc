// Measures what sealing costs: fields sealed and opened per second beside bare AES-256-GCM of the
// same bytes, keys for new persons per second beside bare synced writes of one key each, and the
// memory and the destruction of a key with many persons. Unlike the other programs here, this one
// is the product's own code.
//
//   bench_seal_fields --data DIR --persons N
#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <fstream>
#include <functional>

#include "bench/arguments.h"
#include "privacy/person_keys.h"
#include "server/seals.h"

namespace yeyak::bench {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_of(const std::function<void()>& work) {
    const auto began = Clock::now();
    work();
    return std::chrono::duration<double>(Clock::now() - began).count();
}

std::uint64_t resident_mib() {
    std::ifstream statm{"/proc/self/statm"};
    std::uint64_t size = 0;
    std::uint64_t resident = 0;
    statm >> size >> resident;
    return resident * 4096 >> 20;
}

void measure_fields() {
    constexpr int count = 300'000;
    constexpr std::string_view address = "12 Jong-ro, Jongno-gu, Seoul";
    const std::string name(32, 'a');
    const auto bytes = privacy::random_key();
    const privacy::PersonKey key{bytes};
    const auto sealed = key.seal(name, privacy::Purpose::address, address);
    const std::string nonce(privacy::nonce_size, 'n');
    std::size_t sum = 0;
    const auto bare = seconds_of([&] {
        for (int i = 0; i < count; ++i) sum += privacy::encrypt(bytes, nonce, name, address).size();
    });
    const auto seals = seconds_of([&] {
        for (int i = 0; i < count; ++i)
            sum += key.seal(name, privacy::Purpose::address, address).size();
    });
    const auto opens = seconds_of([&] {
        for (int i = 0; i < count; ++i) sum += key.open(name, sealed)->size();
    });
    fmt::print("bare AES-256-GCM  {:>10.0f}/s\n", count / bare);
    fmt::print("fields sealed     {:>10.0f}/s  {:.2f} of bare\n", count / seals, bare / seals);
    fmt::print("fields opened     {:>10.0f}/s  {:.2f} of bare (checked {})\n", count / opens,
               bare / opens, sum > 0);
    const std::string page(16 << 10, 'x');
    const auto searched = seconds_of([&] {
        for (int i = 0; i < count; ++i) sum += privacy::find_sealed(page).has_value() ? 1 : 0;
    });
    fmt::print("16 KiB without a sealed text: {:.2f} us\n", searched / count * 1e6);
}

boost::asio::awaitable<void> take_keys(privacy::PersonKeys& keys, std::uint64_t& next,
                                       std::uint64_t end) {
    while (next < end) {
        const auto seal = co_await server::sealer_of(keys, fmt::format("market/user:{}", next++));
        if (!seal) throw std::runtime_error{seal.error().detail};
    }
}

void measure_keys(const std::filesystem::path& folder, std::uint64_t persons) {
    std::filesystem::create_directories(folder);
    const auto vault = privacy::Vault::open(folder / "card.key", privacy::IfMissing::make);
    auto store = privacy::KeyStore::open(folder / "bare", true);
    constexpr std::uint64_t singles = 500;
    const auto bare = seconds_of([&] {
        for (std::uint64_t i = 0; i < singles; ++i)
            if (!(*store)->put({{{fmt::format("{:032x}", i), std::string(16, 'a')},
                                 std::string(8, 'm'),
                                 std::string(60, 'w')}}))
                throw std::runtime_error{"cannot write"};
    });
    const privacy::KeyPlaces places{folder / "keys", {folder / "master.key", std::nullopt}};
    auto keys = privacy::PersonKeys::open(places, *vault, privacy::IfMissing::make);
    if (!keys) throw std::runtime_error{keys.error().detail};
    boost::asio::io_context io;
    std::uint64_t next = 0;
    for (int waiting = 0; waiting < 100; ++waiting)
        boost::asio::co_spawn(io, take_keys(**keys, next, persons), [](std::exception_ptr failed) {
            if (failed) std::rethrow_exception(failed);
        });
    const auto before = resident_mib();
    const auto spent = seconds_of([&] { io.run(); });
    const auto per_second = static_cast<double>(persons) / spent;
    fmt::print("bare synced writes{:>10.0f}/s\n", singles / bare);
    fmt::print("keys for new      {:>10.0f}/s  {:.1f} of bare, 100 waiting\n", per_second,
               per_second / (singles / bare));
    fmt::print("memory            {:>10} MiB with {} persons, {} MiB before\n", resident_mib(),
               persons, before);
    const auto refs = (*keys)->refs({(*keys)->name_of("market/user:7")});
    const auto destroyed = seconds_of([&] {
        if (!(*keys)->destroy_now(*refs)) throw std::runtime_error{"cannot destroy"};
    });
    fmt::print("one key destroyed and looked for in every file: {:.0f} ms\n", destroyed * 1e3);
}

int run(int argc, char** argv) {
    const Arguments arguments(argc, argv);
    measure_fields();
    measure_keys(arguments.text("data"), arguments.number("persons"));
    return 0;
}

}  // namespace
}  // namespace yeyak::bench

int main(int argc, char** argv) {
    try {
        return yeyak::bench::run(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 1;
    }
}
