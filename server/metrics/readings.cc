#include "server/metrics/readings.h"

#include <algorithm>

#include "kernel/json.h"
#include "projections/sagas/sagas.h"
#include "server/platform.h"

namespace yeyak::server {
namespace {

using eventstore::StoreResult;
using eventstore::Table;
using projections::SagaRow;
using projections::Sagas;

constexpr std::size_t page = 1000;

// How many entries of a table there are, by the part of their keys that `name_of` tells.
StoreResult<CountByName> count(const eventstore::EventStore& log, Table table,
                               std::string (*name_of)(std::string_view key),
                               const std::atomic<bool>& stop) {
    CountByName counts;
    std::string after;
    for (std::uint64_t seen = 0; seen < most_counted && !stop;) {
        const auto entries = log.entries(table, "", after, page);
        if (!entries) return std::unexpected(entries.error());
        for (const auto& entry : *entries) ++counts[name_of(entry.key)];
        if (entries->size() < page) break;
        after = entries->back().key;
        seen += entries->size();
    }
    return counts;
}

// "payment.payment-prereservation-1@1" -> payment.payment
std::string category_of_effect(std::string_view key) {
    return std::string{eventstore::category_of(key)};
}

// "market.payment/00000000000000000017" -> market.payment
std::string context_of_message(std::string_view key) {
    return std::string{key.substr(0, key.find('/'))};
}

void keep_earlier(std::optional<Instant>& kept, const std::optional<Instant>& other) {
    if (other && (!kept || *other < *kept)) kept = other;
}

void add(SagaFigures& figures, const SagaRow& row) {
    auto& in_state = figures.open[{row.saga, row.state}];
    ++in_state.count;
    keep_earlier(in_state.begun, row.started_at);
    keep_earlier(in_state.stepped, row.changed_at);
}

StoreResult<SagaFigures> read_sagas_of(const ReadingSources& from, const std::atomic<bool>& stop) {
    if (!projections::find_view(from.platform.views, Sagas::name)) return SagaFigures{};
    const auto view = from.view_thread.progress(Sagas::name);  // its lease keeps the build
    return read_sagas(from.views, view.build, most_counted, stop);
}

template <class T>
void keep(Readings& readings, std::optional<T>& place, StoreResult<T> read, std::string_view name) {
    if (read)
        place = *std::move(read);
    else
        readings.unread.push_back(name);
}

}  // namespace

StoreResult<SagaFigures> read_sagas(const projections::ViewStore& views,
                                    const projections::Build& build, std::uint64_t most,
                                    const std::atomic<bool>& stop) {
    SagaFigures figures;
    std::vector<std::string> open;
    std::uint64_t all_open = 0;
    const auto found = views.scan_index(build, "status", "open", false, [&](std::string_view key) {
        if (all_open++ < most) open.emplace_back(key);
        return !stop;
    });
    if (!found) return std::unexpected(found.error());
    for (const auto& key : open) {
        if (stop) break;
        const auto stored = views.row(build, key);
        if (!stored) return std::unexpected(stored.error());
        if (!*stored) continue;  // it went on meanwhile
        const auto row = from_json<SagaRow>((*stored)->json);
        if (row) add(figures, *row);
    }
    const auto rows = views.counts(build);
    if (!rows) return std::unexpected(rows.error());
    const auto all = static_cast<std::uint64_t>(rows->active + rows->cancelled);
    figures.ended = all - std::min(all, all_open);
    return figures;
}

Readings read_figures(const ReadingSources& from, const std::atomic<bool>& stop) {
    Readings readings;
    keep(readings, readings.outbox, count(from.log, Table::outbox, category_of_effect, stop),
         "outbox");
    keep(readings, readings.inboxes, count(from.log, Table::inbox, context_of_message, stop),
         "inboxes");
    keep(readings, readings.sagas, read_sagas_of(from, stop), "sagas");
    readings.log = eventstore::figures_of(from.log_database);
    readings.views = eventstore::figures_of(from.views.database());
    std::error_code error;
    const auto space = std::filesystem::space(from.data, error);
    if (!error)
        readings.disk_free_bytes = space.available;
    else
        readings.unread.push_back("disk");
    readings.process = process_figures();
    return readings;
}

}  // namespace yeyak::server
