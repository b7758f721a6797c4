// The engine with everything around it, in one thread and with time as data: a store that outlives
// restarts, the payment provider, and an edge that carries out effects, fires timers and drains
// inboxes when the test says so.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aggregates/engine/engine.h"
#include "aggregates/payment/payment.h"
#include "aggregates/prereservation/receipt.h"
#include "aggregates/prereservation/reservation.h"
#include "eventstore/memory_store.h"
#include "tests/aggregates/provider.h"

namespace yeyak::tests {

// Registers pre-reservation and its payment desk.
void install_prereservation(Engine& engine);

class World {
  public:
    using Install = void (*)(Engine&);
    explicit World(std::shared_ptr<eventstore::MemoryStore> store = nullptr,
                   Install install = &install_prereservation);

    // --- what users and operators do; answered when the next batch has run --------------------
    struct Answer {
        bool given = false;
        Reply reply;
    };
    using AnswerPtr = std::shared_ptr<Answer>;
    AnswerPtr submit_reserve(std::string key = "", std::string fingerprint = "");
    AnswerPtr submit_cancel(std::int64_t id);
    AnswerPtr submit(CommandWork request);
    void submit_context(const std::string& context, ContextState state);
    void submit(eventstore::WorkPtr work) { batch_.push_back(std::move(work)); }

    // The same, each in a batch of its own.
    Reply reserve(std::string key = "", std::string fingerprint = "");
    Reply cancel(std::int64_t id);
    Reply ask(CommandWork request);
    void down(const std::string& context) { set(context, ContextState::down); }
    void up(const std::string& context) { set(context, ContextState::up); }

    // --- what happens by itself ---------------------------------------------------------------
    // Runs what was submitted as one batch and takes over what is owed.
    void run_batch();
    // The next call to the outside; its answers wait in `answers`. The payment provider treats it
    // by `fate`, people hear every notification at once. False: none is due.
    bool call_provider(std::size_t which = 0);
    bool submit_answer();  // the oldest answer of the provider
    bool submit_timer();   // the first timer that is due
    bool submit_drains();
    bool wait_for_timer();  // the clock moves on to the next timer
    // The process dies and comes back: what is not in the store is gone.
    void restart();
    // Everything that is left to do, until nothing is, or nothing before `until`.
    void settle(Instant until = {INT64_MAX});

    // --- what can be seen ---------------------------------------------------------------------
    std::vector<eventstore::EventPtr> log() const;
    std::vector<std::string> types(eventstore::Position after = 0) const;  // without the version
    std::size_t entries(eventstore::Table table) const;
    bool quiet() const;  // nothing is owed, neither here nor in the store
    std::int64_t reservations() const { return reservations_; }

    template <class D>
    typename D::State state(const std::string& id) const {
        typename D::State state{};
        for (const auto& event : stream(stream_of(D::category, id)))
            state = D::evolve(
                state, *decode_event<typename D::Event>(event->data.type, event->data.payload));
        return state;
    }
    std::vector<eventstore::EventPtr> stream(const std::string& name) const;

    // What must hold when all is quiet: every saga ended, every part agrees, the money adds up.
    // Answers what does not.
    std::string disagreement() const;

    std::shared_ptr<eventstore::MemoryStore> store;
    std::unique_ptr<Engine> engine;
    Provider provider;
    Instant now{1'605'871'710'000};
    std::function<Fate(const payment::Effect&)> fate = [](const auto&) { return Fate::ok; };
    std::vector<DueEffect> effects;
    std::map<std::string, PendingTimer> timers;
    struct OutsideAnswer {
        Send outcome;
        std::string resolves;
    };
    std::vector<OutsideAnswer> answers;
    // How often something interesting happened, in all worlds of the program.
    static std::map<std::string, int>& seen();

  private:
    void begin();
    void take(Owed owed);
    void set(const std::string& context, ContextState state);
    std::string disagreement(std::int64_t id) const;

    Install install_;
    std::vector<eventstore::WorkPtr> batch_;
    std::vector<std::string> drains_;
    std::int64_t reservations_ = 0;
};

}  // namespace yeyak::tests
