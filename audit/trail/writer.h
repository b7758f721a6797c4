// A trail as text: table, JSON, CSV or HTML, piece by piece, so that nothing of it is kept.
// Whatever bytes the events hold, the text is well-formed and does nothing by itself: no escape
// sequence for a terminal, no formula in a spreadsheet, no markup or script in a browser.
#pragma once
#include <memory>
#include <optional>

#include "audit/trail/reader.h"
#include "audit/trail/story.h"

namespace yeyak::trail {

// What stands at the beginning.
struct Heading {
    Query query;
    std::string reader;  // who asked
    std::string reason;
    Instant at;
    Position head = 0;       // the trail is of the log up to here
    std::string checkpoint;  // a signed note about the log at `head` or later; empty without a key
    Position recorded_as = 0;  // the event that tells of this reading
    std::uint64_t events = 0;
    std::optional<Position> next_after;
};

class Writer {
  public:
    virtual ~Writer() = default;
    virtual std::string begin(const Heading& heading) = 0;
    virtual std::string entry(const Entry& entry) = 0;
    virtual std::string end() = 0;
};

enum class Format { table, json, csv, html };
inline constexpr std::string_view formats[] = {"table", "json", "csv", "html"};
std::optional<Format> parse_format(std::string_view name);
std::string_view media_type(Format format);

// `columns` is the width of a table, in which what is longer is folded; without it, a line that is
// longer than a page stays whole.
std::unique_ptr<Writer> make_writer(Format format, std::optional<std::size_t> columns);

// One for each format; make_writer() chooses.
std::unique_ptr<Writer> table_writer(std::optional<std::size_t> columns);
std::unique_ptr<Writer> json_writer();
std::unique_ptr<Writer> csv_writer();
std::unique_ptr<Writer> html_writer();

}  // namespace yeyak::trail
