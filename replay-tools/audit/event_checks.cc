// Checks of what the events say: that they can be read, and that no saga is stuck.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "aggregates/engine/saga_step.h"
#include "replay-tools/audit/checks.h"

namespace yeyak::tools {
namespace {

using eventstore::category_of;
using eventstore::RecordedEvent;

// Every released shape of every registered system can be read by this program.
class Events final : public Check {
  public:
    explicit Events(std::span<const AuditedSystem> systems) : Check("events decode") {
        for (const auto& system : systems) {
            for (const auto& category : system.categories)
                decoders_[category.category] = &category.decode;
            for (const auto& saga : system.sagas) decoders_[saga.category] = &saga.decode;
        }
    }
    void observe(const std::vector<LogRecord>& records) override {
        for (const auto& record : records) {
            if (!record.event) continue;  // found by the checksums
            const auto decode = decoders_.find(category_of(record.event->stream));
            if (decode == decoders_.end()) continue;  // of another program
            counted();
            const auto& data = record.event->data;
            if (const auto read = (*decode->second)(data.type, data.payload); !read)
                fail(at(*record.event,
                        fmt::format("{}: {} {} {}", data.type, read.error().code,
                                    read.error().field, read.error().detail),
                        "an event that this program reads"));
        }
    }

  private:
    std::map<std::string_view, const Decode*> decoders_;
};

// A saga that has not ended waits for something that will come: an effect, a timer or a message
// that is owed to it or to a stream it deals with. Otherwise it waits for ever.
class Sagas final : public Check {
  public:
    explicit Sagas(std::span<const AuditedSystem> systems) : Check("sagas ended or waiting") {
        for (const auto& system : systems)
            for (const auto& saga : system.sagas) sagas_[saga.category] = &saga;
    }
    void observe(const std::vector<LogRecord>& records) override {
        for (const auto& record : records) {
            if (!record.event) continue;
            const auto saga = sagas_.find(category_of(record.event->stream));
            if (saga == sagas_.end()) continue;
            if (record.event->version == 1) counted();
            const auto summary = saga_summary(record.event->data.payload);
            if (!summary) continue;  // found by "events decode"
            if (summary->ended || is_patient(*saga->second, summary->state))
                open_.erase(record.event->stream);
            else
                open_[record.event->stream] = {record.event->position, summary->state};
        }
    }
    void finish(const Audited& audited) override {
        std::map<Position, std::string> by_position;
        for (const auto& [stream, step] : open_) by_position[step.position] = stream;
        for (const auto& [position, stream] : by_position) {
            if (waits(audited, stream)) continue;
            const auto record = audited.log->record(position);
            if (!record.event) continue;
            fail(at(*record.event,
                    fmt::format("state {} and nothing that it waits for", open_[stream].state),
                    "an end, or a pending effect, timer or message"));
        }
    }

  private:
    struct Step {
        Position position = 0;
        std::string state;
    };

    static bool is_patient(const AuditedSaga& saga, std::string_view state) {
        return std::ranges::find(saga.patient, state) != saga.patient.end();
    }

    static bool waits(const Audited& audited, const std::string& stream) {
        const auto& pending = audited.pending_streams();
        if (pending.contains(stream)) return true;
        for (const auto& event : audited.log->stream(stream)) {
            const auto record = from_json<SagaStepRecord>(event->data.payload);
            if (!record) continue;
            if (pending.contains(record->input_id.substr(0, record->input_id.rfind('@'))))
                return true;
            for (const auto& sent : record->sent) {  // "type -> stream"
                const auto arrow = sent.find(" -> ");
                if (arrow != std::string::npos && pending.contains(sent.substr(arrow + 4)))
                    return true;
            }
        }
        return false;
    }

    std::map<std::string_view, const AuditedSaga*> sagas_;
    std::map<std::string, Step, std::less<>> open_;
};

}  // namespace

CheckPtr check_events(std::span<const AuditedSystem> systems) {
    return std::make_unique<Events>(systems);
}
CheckPtr check_sagas(std::span<const AuditedSystem> systems) {
    return std::make_unique<Sagas>(systems);
}

}  // namespace yeyak::tools
