// What the three faces of the server stand on, by name only, so that whoever sees a face sees
// nothing of it. All of it belongs to the Runtime and outlives the faces.
#pragma once
#include <atomic>
#include <functional>

namespace yeyak {
class Clock;
class Contexts;
class Engine;
class SagaHostBase;
class Unit;
struct ContextSetting;
struct Send;
struct Verdict;
}  // namespace yeyak

namespace yeyak::audit {
struct SignedCheckpoint;
}

namespace yeyak::eventstore {
class EventStore;
class Sequencer;
}  // namespace yeyak::eventstore

namespace yeyak::privacy {
class PersonKeys;
class Sealer;
class Vault;
struct KeyRef;
}  // namespace yeyak::privacy

namespace yeyak::projections {
struct RebuildStatus;
class View;
class ViewStore;
struct Build;
struct ParkedEvent;
}  // namespace yeyak::projections

namespace yeyak::server {

using projections::RebuildStatus;

class Attestations;
class Backups;
class CallGuards;
class AnswerQueue;
class Growth;
class Ledger;
class Past;
class ReaderThread;
class Rebuilds;
class SyncCalls;
class ViewThread;
struct Attestation;
struct BreakerReport;
struct Figures;
struct Platform;
struct RebuildWish;
struct ServeConfig;
struct ViewProgress;

struct CommandParts {
    const ServeConfig& config;
    const Clock& clock;
    Engine& engine;
    eventstore::Sequencer& sequencer;
    AnswerQueue& answers;
    SyncCalls& calls;
    const privacy::Vault& vault;
    privacy::PersonKeys& keys;
    Figures& figures;                       // where it is counted how commands end
    std::function<void()> context_changed;  // those who wait for a context look again
};

struct ReadParts {
    const ServeConfig& config;
    const Platform& platform;
    const Clock& clock;
    const Engine& engine;
    const eventstore::EventStore& log;
    const projections::ViewStore& views;
    ViewThread& view_thread;
    Past& past;
    ReaderThread& reader;
    Growth& growth;
    privacy::PersonKeys& keys;
};

struct UpkeepParts {
    const ServeConfig& config;
    const Platform& platform;
    const Contexts& contexts;
    const CallGuards& guards;
    const projections::ViewStore& views;
    ViewThread& view_thread;
    Rebuilds& rebuilds;
    Ledger& ledger;
    Attestations& attestations;
    Backups& backups;
    const std::atomic<bool>& failed;  // a flush has
};

}  // namespace yeyak::server
