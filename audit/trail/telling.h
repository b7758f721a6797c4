// The text of a trail, piece by piece: what the server sends and the command prints. One thread at
// a time.
#pragma once
#include <memory>

#include "aggregates/operations/contract.h"
#include "audit/trail/writer.h"

namespace yeyak::trail {

// Who asks for what in which form, and why.
struct Question {
    Query query;
    std::string reader;
    std::string reason;
    Format format = Format::json;
    std::optional<std::size_t> columns = {};
};

// Of a table.
inline constexpr std::size_t least_columns = 40;
inline constexpr std::size_t most_columns = 1000;

// Takes filters, `reason`, `format` and `columns`. `format` is the one that is liked when none is
// named. A reading by person needs a reason.
std::expected<Question, Faults> parse_question(const Parameters& values, Format format);

class Telling {
  public:
    // Reads all that will be shown once, to know how much it is and whom it concerns; `reached` is
    // told how far.
    static Found<std::unique_ptr<Telling>> open(const eventstore::EventStore& log, People people,
                                                Question question, Unseal unseal,
                                                const Reached& reached = {});

    const Question& question() const { return question_; }
    const Survey& survey() const { return survey_; }
    // What is to be recorded before the first piece is shown to anybody.
    operations::TrailRead record() const;
    // `at` is the time of the reading, `recorded_as` the position of its record.
    void recorded(Instant at, Position recorded_as, std::string checkpoint);

    // The next piece, perhaps empty; nothing at the end. Only after recorded().
    Found<std::optional<std::string>> next();

  private:
    Telling(Question question, Reader reader, Unseal unseal);

    Question question_;
    Reader reader_;
    Teller teller_;
    Survey survey_;
    std::unique_ptr<Writer> writer_;
    Heading heading_;
    bool begun_ = false;
    bool ended_ = false;
};

}  // namespace yeyak::trail
