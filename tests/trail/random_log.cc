#include "tests/trail/random_log.h"

#include <fmt/format.h>

#include "kernel/ensure.h"

namespace yeyak::trail::testing {

void Log::add(Line line) {
    eventstore::NewEvent event;
    event.type = std::move(line.type);
    event.payload = std::move(line.payload);
    event.correlation_id = std::move(line.correlation);
    event.causation_id = std::move(line.causation);
    event.actor = std::move(line.actor);
    event.tags = std::move(line.tags);
    eventstore::Commit commit;
    commit.time = now_;
    now_.ms += 1000;
    commit.appends.push_back({line.stream, eventstore::Expected::any(), {std::move(event)}});
    ensure(store_->stage(std::move(commit)).has_value(), "the test's event can be staged");
    ensure(store_->flush().has_value(), "memory takes it");
}

std::vector<eventstore::EventPtr> Log::events() const {
    eventstore::AllQuery all;
    all.max_events = 1'000'000;
    all.max_bytes = std::size_t{1} << 40;
    return store_->read_all(all)->events;
}

Log random_log(std::uint32_t seed, int events) {
    std::mt19937 random{seed};
    const auto below = [&](std::uint32_t most) { return random() % most; };
    Log log;
    for (int i = 0; i < events; ++i) {
        const char* const categories[] = {"shop.order", "shop.saga", "payment.payment",
                                          "shop.product", "operations.journal"};
        const char* const types[] = {"shop.placed.v1", "shop.saga_stepped.v1", "payment.paid.v1",
                                     "payment.refunded.v1", "shop.edited.v2"};
        Line line;
        line.stream = fmt::format("{}-{}", categories[below(5)], below(12));
        line.type = types[below(5)];
        line.correlation = below(10) == 0 ? "" : fmt::format("c{}", below(30));
        if (below(15) == 0) line.correlation = "start";
        line.causation = below(2) == 0 ? "http/" + line.correlation : line.stream + "@1";
        line.actor = fmt::format("user:{}", below(4));
        if (below(6) == 0) line.tags.push_back(fmt::format("user:{}", below(4)));
        if (below(20) == 0) line.tags.push_back(fmt::format("person:{}", below(4)));
        if (below(60) == 0) line.tags.emplace_back("person:*");
        if (below(40) == 0) log.set_back(below(60));
        log.add(std::move(line));
    }
    return log;
}

}  // namespace yeyak::trail::testing
