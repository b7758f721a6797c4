// One check of `yeyak audit verify`. All checks see every record of the log once, in order, in one
// pass; what needs more is read afterwards in finish(). A check only reads, keeps little in memory,
// and remembers the first bad record it finds. A check is used by one thread at a time; several
// checks observe the same records at once.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "audit/proofs/note.h"
#include "replay-tools/reading/raw_log.h"
#include "replay-tools/reading/raw_views.h"

namespace yeyak::tools {

// What is wrong, and where. Position, stream and version are left out when they do not apply.
struct Finding {
    Position position = 0;
    std::string stream = {};
    Version version = 0;
    std::string found = {};
    std::string expected = {};
};

// What the checks read. Views were opened before the log: the log reaches all their checkpoints.
struct Audited {
    std::filesystem::path data;
    std::filesystem::path work_dir;   // outside of the data folder
    std::unique_ptr<RawViews> views;  // none when no view was ever built
    std::unique_ptr<RawLog> log;
    // The newest signed note, read before the log was opened; none when no server signed one yet.
    std::optional<std::string> checkpoint_note = {};
    // A checkpoint that was kept elsewhere, and the key that the signatures must be of.
    std::optional<std::string> pinned_note = {};
    std::optional<audit::VerifierKey> key = {};
    std::filesystem::path key_file = {};  // of the folder's own key

    // Streams for which something is owed: an effect, a timer, a waiting message.
    const std::set<std::string, std::less<>>& pending_streams() const;

  private:
    mutable std::optional<std::set<std::string, std::less<>>> pending_;
};

class Check {
  public:
    explicit Check(std::string name) : name_(std::move(name)) {}
    virtual ~Check() = default;

    virtual void begin(const Audited&) {}
    virtual void observe(const std::vector<LogRecord>&) {}
    virtual void finish(const Audited&) {}

    const std::string& name() const { return name_; }
    std::uint64_t count() const { return count_; }
    std::uint64_t failures() const { return failures_; }
    bool ok() const { return failures_ == 0; }
    const std::optional<Finding>& first() const { return first_; }
    // What could not be checked, and what it takes; empty when all was.
    const std::string& unchecked() const { return unchecked_; }

  protected:
    void counted(std::uint64_t more = 1) { count_ += more; }
    void fail(Finding finding) {
        if (failures_++ == 0) first_ = std::move(finding);
    }
    void leave_unchecked(std::string why) { unchecked_ = std::move(why); }
    void name_first(std::string stream, Version version) {
        first_->stream = std::move(stream);
        first_->version = version;
    }
    // An error of reading is a finding, too.
    template <class Result>
    bool readable(const Result& result) {
        if (!result) fail({.found = result.error().detail, .expected = "readable data"});
        return bool{result};
    }

  private:
    std::string name_;
    std::uint64_t count_ = 0;
    std::uint64_t failures_ = 0;
    std::optional<Finding> first_;
    std::string unchecked_;
};

using CheckPtr = std::unique_ptr<Check>;

// Where an event stands, for a finding.
Finding at(const eventstore::RecordedEvent& event, std::string found, std::string expected);

}  // namespace yeyak::tools
