#include "tests/projections/logs.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>

#include "aggregates/kernel/ensure.h"
#include "tests/aggregates/samples.h"

namespace yeyak::tests {

using namespace payment;
using namespace prereservation;
using projections::Build;
using projections::List;
using projections::ViewStore;

Folder::Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "yeyak-views-XXXXXX").string();
    ensure(mkdtemp(name.data()) != nullptr, "a folder for the test");
    path_ = name;
}
Folder::~Folder() { std::filesystem::remove_all(path_); }

std::vector<Log> some_streams(std::mt19937_64& random, int reservations) {
    std::vector<Log> streams;
    for (std::int64_t id = 1; id <= reservations; ++id) {
        const auto fate = random() % 6;
        auto wish = requested(id);
        wish.user_id = static_cast<std::int64_t>(random() % 3);
        auto asked = payment_requested(id);
        asked.user_id = wish.user_id;
        auto issued = receipt(id);
        issued.user_id = wish.user_id;
        const auto paid_for = order_of(id);
        const auto key = std::to_string(id);
        const auto begin = static_cast<std::int64_t>(random() % 100'000'000);
        Stream reservation{"prereservation.reservation-" + key, begin};
        Stream payment{"payment.payment-" + paid_for, begin};
        Stream paper{"prereservation.receipt-" + key, begin};
        Stream saga{"prereservation.checkout-" + key, begin};
        reservation.add(ReservationEvent{wish});
        saga.add(ReservationEvent{ReservationConfirmed{id}});  // whatever; no view reads it
        payment.add(payment::Event{asked});
        if (fate == 0) payment.add(payment::Event{PaymentDeclined{paid_for, "limit"}});
        if (fate == 1) payment.add(payment::Event{PaymentOutcomeUnknown{paid_for, "t", 1, noon}});
        if (fate >= 2) payment.add(payment::Event{PaymentCompleted{paid_for, "A", price, noon}});
        if (fate >= 2) reservation.add(ReservationEvent{ReservationConfirmed{id}});
        if (fate >= 3) paper.add(ReceiptEvent{issued});
        if (fate < 2 || fate >= 4)
            reservation.add(ReservationEvent{
                prereservation::ReservationCancelled{id, CancelReason::user_request}});
        if (fate >= 4) {
            payment.add(payment::Event{PaymentCancellationRequested{paid_for, "user_request"}});
            payment.add(payment::Event{payment::PaymentCancelled{paid_for, price}});
            paper.add(ReceiptEvent{ReceiptCancelled{id, id}});
        }
        for (auto* stream : {&reservation, &payment, &paper, &saga})
            if (!stream->log.empty()) streams.push_back(std::move(stream->log));
    }
    std::ranges::move(some_market_streams(random, reservations), std::back_inserter(streams));
    return streams;
}

eventstore::EventPtr at_position(const eventstore::EventPtr& event, eventstore::Position position) {
    auto moved = std::make_shared<eventstore::RecordedEvent>(*event);
    moved->position = position;
    return moved;
}

Log interleave(std::mt19937_64& random, const std::vector<Log>& streams) {
    std::vector<std::size_t> turns;
    for (std::size_t i = 0; i < streams.size(); ++i)
        turns.insert(turns.end(), streams[i].size(), i);
    std::ranges::shuffle(turns, random);
    std::vector<std::size_t> next(streams.size());
    Log log;
    for (const auto stream : turns)
        log.push_back(at_position(streams[stream][next[stream]++], log.size() + 1));
    return log;
}

std::unique_ptr<ViewStore> open_views(const std::filesystem::path& folder) {
    auto store = ViewStore::open(folder, false);
    ensure(store.has_value(), "the views open");
    return *std::move(store);
}

void build(ViewStore& store, const projections::View& view, const Build& build, const Log& log,
           const std::function<std::size_t()>& next_size) {
    const auto builder = view.builder(store, build);
    ASSERT_TRUE(builder.has_value());
    while ((*builder)->checkpoint() < log.size()) {
        const auto from = log.begin() + static_cast<std::ptrdiff_t>((*builder)->checkpoint());
        const auto size =
            std::min<std::size_t>(next_size(), static_cast<std::size_t>(log.end() - from));
        const auto applied = (*builder)->apply({from, from + static_cast<std::ptrdiff_t>(size)});
        ASSERT_TRUE(applied.has_value()) << applied.error().detail;
    }
}

std::string text_of(const ViewStore& store, const Build& build) {
    std::string text;
    for (const auto list : {List::active, List::cancelled}) {
        text += list == List::active ? "active\n" : "cancelled\n";
        const auto scanned = store.scan(build, list, false, [&](std::string_view key, auto row) {
            text += testing::PrintToString(std::string{key}) + ' ' + row.json;
            for (const auto version : row.seen) text += ' ' + std::to_string(version);
            text += '\n';
            return true;
        });
        EXPECT_TRUE(scanned.has_value());
    }
    for (const auto* index : {"userId", "status"})
        for (const auto* value :
             {"0", "1", "2", "", "reservated", "paid", "receipt_issued", "reservation_cancelled",
              "payment_cancelled", "receipt_cancelled"}) {
            const auto scanned = store.scan_index(build, index, value, false, [&](auto key) {
                text += std::string{index} + '=' + value + ' ' +
                        testing::PrintToString(std::string{key}) + '\n';
                return true;
            });
            EXPECT_TRUE(scanned.has_value());
        }
    const auto counts = store.counts(build);
    text += "counts " + std::to_string(counts->active) + ' ' + std::to_string(counts->cancelled);
    return text + " checkpoint " + std::to_string(*store.checkpoint(build)) + '\n';
}

}  // namespace yeyak::tests
