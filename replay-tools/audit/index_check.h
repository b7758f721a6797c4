// An index against the log, in both directions, in memory that does not grow with the log: what the
// log says must be indexed and what the index holds are added up to 128-bit digests, one for each
// range of positions. Where two digests differ, the entries of that range are listed from both
// sides and compared one by one.
//
// The digests find accidents, not forgers: the leaf hashes are there for those.
#pragma once
#include <array>
#include <functional>

#include "replay-tools/audit/check.h"

namespace yeyak::tools {

// A sum of hashes: the order of the entries does not matter, their number does.
struct SetDigest {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    std::uint64_t entries = 0;
    void add(Position position, std::string_view entry);
    friend bool operator==(const SetDigest&, const SetDigest&) = default;
};

class IndexCheck : public Check {
  public:
    using Check::Check;
    void begin(const Audited& audited) final;
    void observe(const std::vector<LogRecord>& records) final;
    void finish(const Audited& audited) final;

  protected:
    using Emit = std::function<void(Position position, std::string entry)>;
    // What the index must hold for an event.
    virtual void entries_of(const eventstore::RecordedEvent& event, const Emit& emit) const = 0;
    // What the index holds. With `report`, also fails for what is wrong within the index.
    virtual void scan(const RawLog& log, const Emit& emit, bool report) = 0;
    // The stream and version that an entry names, if it does, and how it is called.
    virtual Finding describe(Position position, const std::string& entry) const = 0;

  private:
    static constexpr std::size_t ranges = 4096;
    std::size_t range_of(Position position) const;
    void compare_range(const RawLog& log, std::size_t range);

    Position head_ = 0;
    Position width_ = 1;
    std::vector<SetDigest> log_side_;
    std::vector<SetDigest> index_side_;
};

}  // namespace yeyak::tools
