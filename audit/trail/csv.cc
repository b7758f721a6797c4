// RFC 4180, with a line of names. A field that a spreadsheet would calculate is made a text.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "audit/trail/writer.h"
#include "eventstore/hash.h"
#include "kernel/text.h"

namespace yeyak::trail {
namespace {

constexpr const char* names[] = {"position", "timeUtc", "timeSeoul", "actor",       "from",
                                 "what",     "reason",  "state",     "because",     "type",
                                 "stream",   "version", "eventId",   "causationId", "correlationId",
                                 "leafHash", "data"};

class Csv final : public Writer {
  public:
    std::string begin(const Heading&) override {
        return fmt::format("{}\r\n", fmt::join(names, ","));
    }

    std::string entry(const Entry& entry) override {
        const auto& event = *entry.event;
        const auto& data = event.data;
        const std::string values[std::size(names)] = {
            std::to_string(event.position),
            yeyak::to_text(event.time),
            seoul_text(event.time),
            data.actor,
            entry.from,
            entry.what,
            entry.reason,
            entry.state,
            fmt::format("{}", fmt::join(entry.because, " < ")),
            data.type,
            event.stream,
            std::to_string(event.version),
            eventstore::id_of(event),
            data.causation_id,
            data.correlation_id,
            eventstore::to_hex(event.leaf),
            entry.payload};
        std::string out;
        for (const auto& value : values)
            out += (out.empty() ? "" : ",") + csv_field(printable(value));
        return out + "\r\n";
    }

    std::string end() override { return {}; }
};

}  // namespace

std::unique_ptr<Writer> csv_writer() { return std::make_unique<Csv>(); }

}  // namespace yeyak::trail
