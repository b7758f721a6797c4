// Vaccination in a world of its own (world.h): what people, the hospital and operators do, and what
// must hold when all is quiet (invariant 2).
#pragma once
#include "tests/aggregates/vaccination_samples.h"
#include "tests/aggregates/world.h"

namespace yeyak::tests::vaccines {

class Clinic : public World {
  public:
    explicit Clinic(std::int64_t doses_of_each = 1000);

    // Person `who` for the day `days_ahead` from today, of which there are `capacity` places.
    AnswerPtr submit_wish(int who, int days_ahead = 6, std::int32_t capacity = 100,
                          std::uint64_t draw = 0);
    AnswerPtr submit_cancel_of(std::int64_t user);
    AnswerPtr submit_cancel_of_person(int who);
    AnswerPtr submit_inject(std::int64_t user);
    AnswerPtr submit_no_show(std::int64_t user);
    AnswerPtr submit_close_days();
    Reply wish_for(int who, int days_ahead = 6, std::int32_t capacity = 100,
                   std::uint64_t draw = 0);
    Reply cancel_of(std::int64_t user);
    Reply inject(std::int64_t user);
    Reply no_show(std::int64_t user);
    // As a server does at the end of a day; how many decisions it took.
    int close_days();
    // The user comes too late by so many days.
    void pass_days(int days) { now = now + days * std::int64_t{86'400'000}; }
    void submit_all_up();

    std::int64_t users() const;
    std::int64_t changes() const;   // of users
    std::int64_t messages() const;  // that were delivered
    std::string saga_of(std::int64_t user) const;
    // "injected", "completed: Pfizer", "compensated", for each user.
    std::string outcomes() const;
    // How many doses of a type are left.
    std::int64_t available(const std::string& type) const;
    // What does not hold once all is quiet.
    std::string wrong() const;
    // What must hold at every moment: no day and no stock is overdrawn, no person has two.
    std::string wrong_so_far() const;

  private:
    bool more_to_close_ = false;
    AnswerPtr submit_decision(std::move_only_function<Verdict(Unit&)> decide);
    Reply now_asked(const AnswerPtr& answer);
    std::string wrong(std::int64_t user) const;
};

inline const std::vector<std::string> contexts{"user", "reservation", "hospital", "vaccinestock"};

}  // namespace yeyak::tests::vaccines
