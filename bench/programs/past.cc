// What reading the past costs, beside plain reading of the same events in the same run: views as of
// positions at growing distances, asked for the first time, again, and a little later; and the
// history of one row. The folder is filled with reservations and payments when it is empty.
//
//   bench_past --data DIR --events N
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <future>

#include "aggregates/payment/contract.h"
#include "aggregates/prereservation/reservation_contract.h"
#include "bench/arguments.h"
#include "eventstore/rocks_store.h"
#include "kernel/ensure.h"
#include "program/systems.h"
#include "server/past.h"

namespace yeyak::bench {
namespace {

using eventstore::Position;
using eventstore::RocksStore;
using namespace prereservation;

constexpr std::string_view view_name = "myReservations";
constexpr Position a_little_later = 1000;

std::unique_ptr<RocksStore> open(const std::string& data, bool read_only) {
    eventstore::RocksOptions options;
    options.data_dir = data;
    options.read_only = read_only;
    auto store = RocksStore::open(options);
    ensure(store.has_value(), "the folder opens");
    return *std::move(store);
}

template <class Contract>
void append(eventstore::Commit& commit, const std::string& id,
            const typename Contract::Event& event) {
    eventstore::NewEvent made;
    made.type = type_of(event);
    made.payload = encode_event(event);
    made.actor = "user:1";
    commit.appends.push_back(
        {fmt::format("{}-{}", Contract::category, id), eventstore::Expected::any(), {made}});
}

// A reservation as its four commits leave it, and an event of another program.
void add_reservation(RocksStore& store, std::int64_t id) {
    const auto key = std::to_string(id);
    const auto order = order_of(id);
    ReservationRequested wish;
    wish.id = id;
    wish.user_id = id % 1000;
    wish.product_name = "fold";
    wish.price = Won{1'300'000};
    payment::PaymentRequested asked;
    asked.order = order;
    asked.number = id;
    asked.user_id = wish.user_id;
    asked.price = wish.price;
    eventstore::Commit commit;
    commit.time = {1'795'000'000'000 + id};
    append<ReservationContract>(commit, key, wish);
    append<payment::Contract>(commit, order, asked);
    append<payment::Contract>(commit, order,
                              payment::PaymentCompleted{order, "A1", wish.price, commit.time});
    append<ReservationContract>(commit, key, ReservationConfirmed{id});
    eventstore::NewEvent other;
    other.type = "other";
    other.payload = "{}";
    commit.appends.push_back({"other-" + key, eventstore::Expected::any(), {other}});
    ensure(store.stage(std::move(commit)).has_value(), "a reservation is staged");
}

void fill(const std::string& data, Position events) {
    const auto store = open(data, false);
    for (std::int64_t id = 1; store->staged_position() < events; ++id) {
        add_reservation(*store, id);
        if (id % 500 == 0) ensure(store->flush().has_value(), "reservations are written");
    }
    ensure(store->flush().has_value(), "reservations are written");
    ensure(store->flush_memory().has_value(), "memory is written");
}

template <class Work>
double seconds_of(Work work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// Reads what a fold would read, and does nothing with it.
std::uint64_t read_plainly(const RocksStore& store, const projections::View& view, Position last) {
    std::uint64_t events = 0;
    const auto read =
        projections::read_pages(store, view.categories(), {0, last},
                                [&](const auto& page, Position) -> eventstore::StoreResult<bool> {
                                    events += page.size();
                                    return true;
                                });
    ensure(read.has_value(), "the log can be read");
    return events;
}

double view_at(server::Past& past, const projections::View& view, Position position) {
    return seconds_of([&] {
        std::promise<void> done;
        past.view_at(view, position, [&](const auto& built) {
            ensure(built.has_value(), "the view is built");
            done.set_value();
        });
        done.get_future().wait();
    });
}

void measure(const RocksStore& store, const std::string& data) {
    const auto& view = *projections::find_view(program::views(), view_name);
    const auto head = store.head();
    read_plainly(store, view, head);  // what is read twice is in the page cache both times
    fmt::print("{:>10}  {:>10}  {:>12}  {:>12}  {:>6}  {:>10}  {:>12}\n", "position", "events",
               "plain ev/s", "as-of ev/s", "ratio", "again us", "+1000 ms");
    for (const Position share : {100, 10, 2, 1}) {
        const auto position = std::max<Position>(head / share, a_little_later) - a_little_later;
        server::Past past{store, {.folder = data + "/views.asof", .max_events = head}};
        std::uint64_t events = 0;
        const auto plain = seconds_of([&] { events = read_plainly(store, view, position); });
        const auto first = view_at(past, view, position);
        const auto again = view_at(past, view, position);
        const auto later = view_at(past, view, position + a_little_later);
        const auto rate = [&](double s) { return static_cast<double>(events) / s; };
        fmt::print("{:>10}  {:>10}  {:>12.0f}  {:>12.0f}  {:>6.2f}  {:>10.0f}  {:>12.1f}\n",
                   position, events, rate(plain), rate(first), plain / first, again * 1e6,
                   later * 1e3);
    }
    std::uint64_t events = 0;
    const auto plain = seconds_of([&] { events = read_plainly(store, view, head); });
    const auto explain = seconds_of([&] {
        const auto history = projections::row_history(store, {&view, "17", head, 0}, {}, {});
        ensure(history.has_value() && history->events > 0, "the row has a history");
    });
    fmt::print("history of a row: {:.0f} events/s, {:.2f} of plain reading\n",
               static_cast<double>(events) / explain, plain / explain);
}

}  // namespace
}  // namespace yeyak::bench

int main(int argc, char** argv) {
    const yeyak::bench::Arguments given{argc, argv};
    const auto& data = given.text("data");
    if (!std::filesystem::exists(std::filesystem::path{data} / "log"))
        yeyak::bench::fill(data, given.number("events"));
    const auto store = yeyak::bench::open(data, true);
    yeyak::bench::measure(*store, data);
    return EXIT_SUCCESS;
}
