// A view as data and pure functions:
//
//   struct Receipts {
//       static constexpr std::string_view name = "receipts";      // as in /receipts
//       static constexpr std::string_view context = "receipt";    // what stops it
//       static constexpr std::uint32_t version = 1;               // a new shape or rule: a rebuild
//       static constexpr Subject subject{"id", "shop.order"};     // what a row is about
//       using Sources = Contracts<ReceiptContract>;               // whose events it is made of
//       struct Row { ... };                                       // described; what readers get
//       static std::optional<std::string> key(const E& event);    // for every event of the sources
//       static void apply(Row&, const E& event, Instant at);      // for every event of the sources
//       static bool cancelled(const Row&);                        // listed only on request
//       static std::vector<IndexValue> indexes(const Row&);       // what lists can be filtered by
//   };
//
// A view whose events are not those of a fixed list of contracts declares, instead of Sources,
//       static std::expected<std::optional<E>, JsonError> read(const RecordedEvent&);
// and may say which categories a row is made of, so that its history is found without the rest:
//       static std::vector<std::string> categories_of(std::string_view key);
//
// An event that cannot be read or applied is parked with all later ones of its stream, and the view
// goes on with the rest: see Builder.
//
// An event that no apply() folds does not compile. A projector never causes effects, so that a
// replay never charges or notifies anybody. Events of one stream reach a row in order and count
// once; events of different streams may come in any order.
#pragma once
#include <algorithm>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/ensure.h"
#include "kernel/events.h"
#include "kernel/saga.h"
#include "projections/runner/trace.h"
#include "projections/runner/view_store.h"

namespace yeyak::projections {

// Which stream a row is about, and so whose row it is: the one of `category` that is numbered as
// the row's `field` says. Subject{} is a view whose rows are about nobody.
struct Subject {
    std::string_view field = {};     // as in JSON
    std::string_view category = {};  // empty: the field is the stream's name
    friend bool operator==(const Subject&, const Subject&) = default;
};

struct IndexValue {
    std::string index;
    std::string value;
    friend auto operator<=>(const IndexValue&, const IndexValue&) = default;
};

// When a checkpoint is stored that no row has changed with: at once, or some time later. Until then
// a crash only means that those events are looked at again.
enum class Keep { now, lazily };

// Calls work(0) … work(count - 1), in any order, on as many threads as it likes.
using Spread = std::function<void(std::size_t count, const std::function<void(std::size_t)>& work)>;

// How a builder works.
struct BuildHow {
    // Each part folds the events of its own row keys, so that those of one key stay in order.
    std::size_t parts = 1;
    Spread spread = {};  // empty: all on the thread of the caller
    bool logged = true;  // see ViewStore::Writing
    // Events that operators have decided to go on without, by position.
    std::set<Position> skipped = {};
};

// Brings one build of a view forward. One thread.
//
// An event that cannot be read, or that the projector throws at, is parked: the event and every
// later event of its stream that the view reads are kept aside, by position, in the batch that
// holds the checkpoint. So the order within a stream is never broken, and the rest of the view goes
// on. Which events are parked does not depend on how the log is cut into batches.
class Builder {
  public:
    virtual ~Builder() = default;
    virtual Position checkpoint() const = 0;
    // How many events are parked.
    virtual std::uint64_t parked() const = 0;

    // Applies events in order, from checkpoint() + 1 on, and commits rows and checkpoint together.
    // An error is final: build on with a new builder.
    StoreResult<void> apply(const std::vector<eventstore::EventPtr>& events, Keep keep = Keep::now);
    // The same with nothing but the events that the view reads, up to and with `through`.
    using Events = std::vector<const eventstore::RecordedEvent*>;
    virtual StoreResult<void> advance(const Events& events, Position through, Keep keep) = 0;

    // Tries parked events of one stream again: its first ones, in order. Those that can be applied
    // now, or are skipped, are parked no longer; answers how many. Stops at one that cannot.
    virtual StoreResult<std::uint64_t> retry(const std::vector<eventstore::EventPtr>& events) = 0;
    // Goes on without an event from now on: when it comes, or when it is tried again.
    virtual void skip(Position position) = 0;
    // From now on batches are written to the write-ahead log; makes all before durable.
    virtual StoreResult<void> begin_logging() = 0;
};

// What the program knows of a view without its types.
class View {
  public:
    virtual ~View() = default;
    virtual std::string_view name() const = 0;
    virtual std::string_view context() const = 0;
    virtual std::uint32_t version() const = 0;
    virtual Subject subject() const = 0;
    virtual std::string empty_row() const = 0;  // JSON, as readers get rows
    // JSON Schema of a row, and of a value that one of its fields is looked for by.
    virtual std::string row_schema() const = 0;
    virtual std::string field_schema(std::string_view field) const = 0;
    // False when events of this category never concern the view.
    virtual bool reads(std::string_view category) const = 0;
    virtual StoreResult<std::unique_ptr<Builder>> builder(ViewStore& store, const Build& build,
                                                          BuildHow how = {}) const = 0;
    // The categories of all events that can concern the view, or the row of `key` when it is not
    // empty; none: events of any category can.
    virtual std::vector<std::string> categories(std::string_view key = {}) const = 0;
    virtual std::unique_ptr<Tracer> tracer(const std::vector<std::string>& keys) const = 0;
    // Whether an event is folded into a row, or why the view cannot apply it.
    virtual std::expected<bool, std::string> try_event(
        const eventstore::RecordedEvent& recorded) const = 0;
    // Why no row can have this text as the value of a field: what the field is of a kind for.
    // Nothing when some row could.
    virtual std::optional<std::string> refuse_value(std::string_view field,
                                                    std::string_view text) const = 0;
};

// Those of all systems, or of one. Names are unique over all systems.
using Views = std::vector<std::unique_ptr<View>>;

// Empty when the row is about none.
std::string stream_of_row(const View& view, std::string_view row);

// Null when no view is called so.
const View* find_view(const Views& views, std::string_view name);

}  // namespace yeyak::projections
