// For a terminal: a line with position and what happened, then its circumstances, indented.
#include <fmt/format.h>

#include "audit/trail/writer.h"
#include "kernel/text.h"

namespace yeyak::trail {
namespace {

constexpr std::string_view indent = "           ";
constexpr std::size_t page_columns = 100;

class Table final : public Writer {
  public:
    explicit Table(std::optional<std::size_t> columns) : columns_(columns) {}

    std::string begin(const Heading& heading) override {
        next_after_ = heading.next_after;
        return heading.events == 0 ? "no events\n" : "";
    }

    std::string entry(const Entry& entry) override {
        const auto& event = *entry.event;
        const auto& data = event.data;
        auto out = fmt::format("{:>9}  ", event.position);
        out += whole(fmt::format("{}  [{}]", printable(entry.what), printable(data.type)));
        out += '\n';
        std::vector<std::string> parts{
            seoul_text(event.time), "by " + printable(data.actor.empty() ? "nobody" : data.actor)};
        const auto add = [&](std::string_view what, const std::string& value) {
            if (!value.empty()) parts.push_back(fmt::format("{} {}", what, printable(value)));
        };
        add("from", entry.from);
        add("at", eventstore::id_of(event));
        add("reason", entry.reason);
        add_parts(out, parts);
        parts.clear();
        for (const auto& detail : entry.details)
            parts.push_back(printable(detail.name + "=" + detail.value));
        add_parts(out, parts);
        parts.clear();
        for (const auto& cause : short_chain(entry.because))
            parts.push_back((parts.empty() ? "because of " : "← ") + printable(cause));
        add_parts(out, parts);
        return out;
    }

    std::string end() override {
        if (!next_after_) return {};
        return fmt::format("There is more: --after {}\n", *next_after_);
    }

  private:
    // Puts parts beside each other as far as they fit, and begins new lines for the others.
    void add_parts(std::string& out, const std::vector<std::string>& parts) const {
        const auto room = columns_.value_or(page_columns) - indent.size();
        std::string line;
        for (const auto& part : parts) {
            if (!line.empty() && display_width(line) + 2 + display_width(part) > room) {
                out += fmt::format("{}{}\n", indent, whole(line));
                line.clear();
            }
            line += (line.empty() ? "" : "  ") + part;
        }
        if (!line.empty()) out += fmt::format("{}{}\n", indent, whole(line));
    }
    // What is longer than the terminal is wide goes on below.
    std::string whole(const std::string& line) const {
        return columns_ ? indented(line, indent.size(), *columns_) : line;
    }

    std::optional<std::size_t> columns_;
    std::optional<Position> next_after_;
};

}  // namespace

std::unique_ptr<Writer> table_writer(std::optional<std::size_t> columns) {
    return std::make_unique<Table>(columns);
}

}  // namespace yeyak::trail
