// How persons are named in a query, and by which tags their events are known.
//
// - 17: user:17 or person:17, in every system
// - prereservation/user:17: SYSTEM/KIND:VALUE, as for erasure; the tag user:17 in this system
// - repairshop/key:NAME: whose fields are sealed with that key; `yeyak audit export` tells its name
// - phoneshop/order:5: where an order stands for a person, the stream phoneshop.order-5
//
// A number of a registration or of a car is no name here: what is asked for is recorded for ever.
//
// Records of readings also name "*": more persons than there is room for.
#pragma once
#include <string>
#include <vector>

#include "aggregates/engine/people.h"
#include "eventstore/event.h"

namespace yeyak::trail {

class PersonFilter {
  public:
    PersonFilter(People people, const std::string& name);

    // Tags that the index can be asked for; none: all events have to be looked at. Which of the
    // found events concern the person, concerns() says.
    const std::vector<std::string>& tags() const { return tags_; }
    // A stream that is the person's; empty for most.
    const std::string& stream() const { return stream_; }
    // By its tags, or because it tells of a reading or an erasure of the person.
    bool concerns(const eventstore::RecordedEvent& event) const;

  private:
    bool is_named_in(std::string_view record) const;

    std::string system_;  // empty: any
    std::string value_;
    std::string name_;
    std::string stream_;
    std::string seal_;  // begins the person's sealed texts
    std::vector<std::string> tags_;
};

// Journals of operators and auditors are nobody's as a whole: single entries concern a person.
bool is_journal(std::string_view stream);

// Whom a tag of an event names, "prereservation/user:17"; empty when it names nobody.
std::string person_of_tag(std::string_view stream, std::string_view tag);

}  // namespace yeyak::trail
