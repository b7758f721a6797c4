// Requests: idempotency keys, watches, numbers, hot streams.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/aggregates/prereservation_samples.h"
#include "tests/aggregates/world.h"

namespace yeyak::tests {
namespace {

using eventstore::EventPtr;
using eventstore::Table;
using testing::ElementsAre;
using testing::IsEmpty;
using namespace prereservation;

// A request for reservation `id` itself, whose number was given out elsewhere.
CommandWork reserve_request(std::int64_t id, std::string key = "", std::string fingerprint = "") {
    CommandWork request;
    request.idempotency_key = std::move(key);
    request.fingerprint = std::move(fingerprint);
    request.decide = [id](Unit& unit) {
        return unit.execute<ReservationContract>(std::to_string(id),
                                                 RequestReservation{requested(id)});
    };
    return request;
}

TEST(EngineIdempotency, the_same_key_gets_the_same_answer_and_no_second_event) {
    World world;
    const auto first = world.reserve("user:1/k", "body");
    const auto events = world.log().size();
    EXPECT_FALSE(first.replayed);
    for (const bool restarted : {false, true}) {
        if (restarted) world.restart();
        const auto again = world.reserve("user:1/k", "body");
        EXPECT_TRUE(again.replayed);
        EXPECT_EQ(again.code(), first.code());
        EXPECT_EQ(again.stream, first.stream);
        EXPECT_EQ(again.version, first.version);
        EXPECT_EQ(again.position, first.position);
        EXPECT_EQ(world.log().size(), events);
    }
    EXPECT_FALSE(world.reserve("user:2/k", "body").replayed) << "another scope";
}

TEST(EngineIdempotency, the_same_key_twice_in_one_batch_counts_once) {
    World world;
    const auto first = world.submit_reserve("k", "body");
    const auto second = world.submit_reserve("k", "body");
    world.run_batch();
    EXPECT_FALSE(first->reply.replayed);
    EXPECT_TRUE(second->reply.replayed);
    EXPECT_EQ(second->reply.stream, first->reply.stream);
    EXPECT_EQ(world.log().size(), 3u);
}

TEST(EngineIdempotency, the_same_key_with_another_request_is_refused) {
    World world;
    world.reserve("k", "body");
    EXPECT_EQ(world.reserve("k", "other body").code(), "idempotency_key_reused");
    EXPECT_EQ(world.log().size(), 3u);
}

TEST(EngineIdempotency, a_refusal_is_an_answer_too) {
    World world;
    const auto cancel = [&] {
        CommandWork request;
        request.idempotency_key = "k";
        request.fingerprint = "f";
        request.decide = [](Unit& unit) {
            return unit.execute<ReservationContract>("9", CancelReservation{9, {}});
        };
        return world.ask(std::move(request)).code();
    };
    EXPECT_EQ(cancel(), "reservation_not_found");
    world.ask(reserve_request(9));
    EXPECT_EQ(cancel(), "reservation_not_found");
    EXPECT_EQ(std::ranges::count(world.types(), "reservation_cancelled"), 0);
}

TEST(EngineIdempotency, a_stopped_context_is_no_answer) {
    World world;
    world.down("prereservation");
    EXPECT_EQ(world.reserve("k", "body").code(), "context_down");
    world.up("prereservation");
    const auto reply = world.reserve("k", "body");
    EXPECT_EQ(reply.code(), "ok");
    EXPECT_FALSE(reply.replayed);
}

// --- guards -----------------------------------------------------------------------------------

// A cancellation of reservation 1 that expects its stream at a version.
CommandWork guarded_cancel(eventstore::Version expected, std::string key = "") {
    CommandWork request;
    request.idempotency_key = std::move(key);
    request.fingerprint = "f";
    request.guard = Guard{stream_of(ReservationContract::category, "1"),
                          [expected](eventstore::Version at) { return at == expected; }};
    request.decide = [](Unit& unit) {
        return unit.execute<ReservationContract>("1", CancelReservation{1, {}});
    };
    return request;
}

TEST(EngineGuard, that_holds_lets_the_command_be_decided) {
    World world;
    world.reserve();
    world.settle();
    const auto reply = world.ask(guarded_cancel(2));
    EXPECT_EQ(reply.code(), "ok");
    EXPECT_EQ(reply.version, 3u);
}

TEST(EngineGuard, that_is_broken_leaves_nothing_and_says_what_was_found) {
    World world;
    world.reserve();
    world.settle();
    const auto before = world.log().size();
    for (const eventstore::Version stale : {0, 1, 3, 99}) {
        const auto reply = world.ask(guarded_cancel(stale));
        EXPECT_EQ(reply.code(), guard_failed) << stale;
        EXPECT_EQ(reply.version, 2u);
        EXPECT_EQ(reply.stream, "prereservation.reservation-1");
    }
    EXPECT_EQ(world.log().size(), before);
}

TEST(EngineGuard, sees_what_was_decided_before_it_in_the_same_batch) {
    World world;
    world.reserve();
    world.settle();
    const auto first = world.submit(guarded_cancel(2));
    const auto second = world.submit(guarded_cancel(2));
    world.run_batch();
    EXPECT_EQ(first->reply.code(), "ok");
    EXPECT_EQ(second->reply.code(), guard_failed);
    EXPECT_EQ(second->reply.version, 3u);
}

TEST(EngineGuard, of_a_stream_that_is_not_there_is_broken_too) {
    World world;
    const auto reply = world.ask(guarded_cancel(1));
    EXPECT_EQ(reply.code(), guard_failed);
    EXPECT_EQ(reply.version, 0u);
}

// Reservation 1 as `actor` wants it, and its cancellation by somebody who must be its owner.
CommandWork reserve_by(std::string actor) {
    auto request = reserve_request(1);
    request.cause = {"r", "r", std::move(actor)};
    return request;
}
CommandWork cancel_by(std::string actor) {
    auto request = guarded_cancel(1);
    request.guard->holds = nullptr;
    request.guard->owned = Owned{request.guard->stream, std::move(actor)};
    return request;
}

TEST(EngineGuard, finds_a_stream_empty_that_another_began) {
    World world;
    EXPECT_EQ(world.ask(cancel_by("user:1")).code(), guard_failed) << "nobody began it";
    EXPECT_EQ(world.ask(cancel_by("")).code(), guard_failed);
    ASSERT_EQ(world.ask(reserve_by("user:1")).code(), "ok");
    for (const auto* stranger : {"user:2", "user:11", ""}) {
        const auto reply = world.ask(cancel_by(stranger));
        EXPECT_EQ(reply.code(), guard_failed) << stranger;
        EXPECT_EQ(reply.version, 0u) << stranger;
    }
    EXPECT_EQ(world.ask(cancel_by("user:1")).code(), "ok");
}

// Nobody was told of it yet, so nobody can mean it.
TEST(EngineGuard, finds_no_owner_of_a_stream_that_is_begun_in_the_same_batch) {
    for (const auto* first : {"user:1", "user:2"}) {
        World world;
        const auto reserved = world.submit(reserve_by(first));
        const auto cancelled = world.submit(cancel_by("user:1"));
        world.run_batch();
        EXPECT_EQ(reserved->reply.code(), "ok");
        EXPECT_EQ(cancelled->reply.code(), guard_failed) << first;
    }
}

TEST(EngineGuard, does_not_keep_a_repeated_request_from_its_answer) {
    World world;
    world.reserve();
    world.settle();
    EXPECT_EQ(world.ask(guarded_cancel(2, "done")).code(), "ok");
    EXPECT_EQ(world.ask(guarded_cancel(2, "late")).code(), guard_failed);
    for (const bool restarted : {false, true}) {
        if (restarted) world.restart();
        EXPECT_EQ(world.ask(guarded_cancel(2, "done")).code(), "ok");
        const auto late = world.ask(guarded_cancel(2, "late"));
        EXPECT_EQ(late.code(), guard_failed);
        EXPECT_EQ(late.version, 3u);
        EXPECT_TRUE(late.replayed);
    }
}

// --- watches ----------------------------------------------------------------------------------

struct Watched {
    int calls = 0;
    std::vector<std::string> types;
};
Watch watch_for(std::string_view type, std::shared_ptr<Watched> watched) {
    return {[type](const auto& event) { return event.data.type == type; },
            [watched](std::vector<EventPtr> events) {
                ++watched->calls;
                for (const auto& event : events) watched->types.push_back(event->data.type);
            }};
}
const std::vector<std::string> confirmed{std::string{ReservationRequested::type},
                                         std::string{ReservationConfirmed::type}};

TEST(EngineWatch, sees_a_stream_from_its_beginning_to_the_event_it_waits_for) {
    World world;
    auto watched = std::make_shared<Watched>();
    auto request = reserve_request(1);
    request.watch = watch_for(ReservationConfirmed::type, watched);
    world.ask(std::move(request));
    EXPECT_EQ(watched->calls, 0);
    world.ask(reserve_request(2));
    world.settle();
    EXPECT_EQ(watched->calls, 1);
    EXPECT_EQ(watched->types, confirmed);
    world.cancel(1);
    EXPECT_EQ(watched->calls, 1);
}

TEST(EngineWatch, is_answered_at_once_when_all_happens_in_the_same_commit) {
    World world;
    world.down("payment");
    auto watched = std::make_shared<Watched>();
    auto request = reserve_request(1);
    request.watch = watch_for(ReservationCancelled::type, watched);
    world.ask(std::move(request));
    EXPECT_EQ(watched->calls, 1);
}

TEST(EngineWatch, of_a_replayed_request_sees_what_happened_meanwhile) {
    World world;
    world.ask(reserve_request(1, "k", "f"));
    for (const bool restarted : {false, true}) {
        if (restarted) world.restart();
        auto open = std::make_shared<Watched>();
        auto request = reserve_request(1, "k", "f");
        request.watch = watch_for(ReservationConfirmed::type, open);
        EXPECT_TRUE(world.ask(std::move(request)).replayed);
        EXPECT_EQ(open->calls, restarted ? 1 : 0);
        world.settle();
        EXPECT_EQ(open->calls, 1);
        EXPECT_EQ(open->types, confirmed);
    }
}

TEST(EngineWatch, of_a_request_twice_in_one_batch_answers_both) {
    World world;
    auto first = std::make_shared<Watched>();
    auto second = std::make_shared<Watched>();
    for (const auto& watched : {first, second}) {
        auto request = reserve_request(1, "k", "f");
        request.watch = watch_for(ReservationConfirmed::type, watched);
        world.submit(std::move(request));
    }
    world.run_batch();
    world.settle();
    EXPECT_EQ(first->types, confirmed);
    EXPECT_EQ(second->types, confirmed);
}

TEST(EngineWatch, of_a_stream_that_was_there_before_sees_its_past_too) {
    World world;
    world.ask(reserve_request(1));
    world.settle();
    auto watched = std::make_shared<Watched>();
    auto request = reserve_request(1);  // already so: no event
    request.watch = watch_for(ReservationConfirmed::type, watched);
    EXPECT_EQ(world.ask(std::move(request)).code(), "ok");
    EXPECT_EQ(watched->types, confirmed);
}

TEST(EngineWatch, of_a_refused_request_is_never_called) {
    World world;
    auto watched = std::make_shared<Watched>();
    CommandWork request;
    request.decide = [](Unit& unit) {
        return unit.execute<ReservationContract>("1", CancelReservation{1, {}});
    };
    request.watch = watch_for(ReservationRequested::type, watched);
    world.ask(std::move(request));
    world.ask(reserve_request(1));
    EXPECT_EQ(watched->calls, 0);
}

TEST(EngineWatch, is_answered_although_more_came_at_once_than_memory_holds) {
    World world;
    auto watched = std::make_shared<Watched>();
    auto first = reserve_request(1);
    first.watch = watch_for(ReservationRequested::type, watched);
    world.submit(std::move(first));
    for (std::int64_t id = 2; id <= 30; ++id) {
        CommandWork request;
        request.decide = [id](Unit& unit) {
            auto wish = requested(id);
            wish.user_address = sealed(std::string(900'000, 'x'));
            return unit.execute<ReservationContract>(std::to_string(id), RequestReservation{wish});
        };
        world.submit(std::move(request));
    }
    world.run_batch();
    EXPECT_EQ(watched->calls, 1);
}

// --- numbers and hot streams ------------------------------------------------------------------

TEST(EngineNumbers, are_given_out_once_also_across_a_restart) {
    World world;
    std::vector<std::string> streams;
    for (int i = 0; i < 3; ++i) {
        world.submit_reserve();
        world.submit_reserve();
        world.run_batch();
        world.restart();
    }
    for (const auto& event : world.log())
        if (event->data.type == ReservationRequested::type) streams.push_back(event->stream);
    EXPECT_THAT(streams,
                ElementsAre("prereservation.reservation-1", "prereservation.reservation-2",
                            "prereservation.reservation-3", "prereservation.reservation-4",
                            "prereservation.reservation-5", "prereservation.reservation-6"));
}

TEST(EngineNumbers, of_what_was_refused_are_not_given_out_again) {
    World world;
    world.down("prereservation");
    world.reserve();
    world.restart();
    world.up("prereservation");
    EXPECT_EQ(world.reserve().stream, "prereservation.reservation-2");
}

TEST(EngineHotStream, a_thousand_commands_in_one_batch_are_decided_in_order) {
    World world;
    std::vector<World::AnswerPtr> answers;
    world.submit(reserve_request(1));
    for (int i = 0; i < 1000; ++i) {
        CommandWork request;
        request.decide = [](Unit& unit) {
            return unit.execute<ReservationContract>("1", CancelReservation{1, {}});
        };
        answers.push_back(world.submit(std::move(request)));
    }
    world.run_batch();
    EXPECT_EQ(answers[0]->reply.code(), "ok");
    for (std::size_t i = 1; i < answers.size(); ++i)
        EXPECT_EQ(answers[i]->reply.code(), "reservation_cancelled");
    EXPECT_EQ(world.stream("prereservation.reservation-1").size(), 2u);
    world.settle();
}

}  // namespace
}  // namespace yeyak::tests
