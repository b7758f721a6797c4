// One JSON document: {"filter":…,"events":[…]}, one event on each line.
#include <fmt/format.h>

#include "audit/trail/writer.h"
#include "eventstore/hash.h"
#include "kernel/text.h"

namespace yeyak::trail {
namespace {

std::string position_or_null(const std::optional<Position>& position) {
    return position ? std::to_string(*position) : "null";
}

class Json final : public Writer {
  public:
    std::string begin(const Heading& heading) override {
        return fmt::format(
            "{{\"filter\":{},\"readBy\":{},\"reason\":{},\"readAt\":{},\"head\":{},\"recordedAs\":{"
            "},"
            "\"count\":{},\"nextAfter\":{},\"checkpoint\":{},\"events\":[",
            json_text(to_text(heading.query)), json_text(heading.reader), json_text(heading.reason),
            json_text(yeyak::to_text(heading.at)), heading.head, heading.recorded_as,
            heading.events, position_or_null(heading.next_after),
            heading.checkpoint.empty() ? "null" : json_text(heading.checkpoint));
    }

    std::string entry(const Entry& entry) override {
        const auto& event = *entry.event;
        const auto& data = event.data;
        std::string because;
        for (const auto& cause : entry.because)
            because += (because.empty() ? "" : ",") + json_text(cause);
        std::string out = fmt::format(
            "{}\n{{\"position\":{},\"timeUtc\":{},\"timeSeoul\":{},\"actor\":{},\"from\":{},"
            "\"what\":{},\"type\":{},\"stream\":{},\"version\":{},\"eventId\":{},\"reason\":{},"
            "\"state\":{},\"because\":[{}],",
            std::exchange(first_, false) ? "" : ",", event.position,
            json_text(yeyak::to_text(event.time)), json_text(seoul_text(event.time)),
            json_text(data.actor), json_text(entry.from), json_text(entry.what),
            json_text(data.type), json_text(event.stream), event.version,
            json_text(eventstore::id_of(event)), json_text(entry.reason), json_text(entry.state),
            because);
        out +=
            fmt::format("\"causationId\":{},\"correlationId\":{},\"leafHash\":\"{}\",\"data\":{}}}",
                        json_text(data.causation_id), json_text(data.correlation_id),
                        eventstore::to_hex(event.leaf), entry.payload);
        return out;
    }

    std::string end() override { return "\n]}\n"; }

  private:
    bool first_ = true;
};

}  // namespace

std::unique_ptr<Writer> json_writer() { return std::make_unique<Json>(); }

}  // namespace yeyak::trail
