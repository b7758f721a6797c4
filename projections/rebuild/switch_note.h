// What is still to be told in the log about a switch (ViewStore::Switch::note): who did it, and the
// fact. Written in the batch of the switch, so that no crash can lose it.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "aggregates/operations/contract.h"
#include "projections/runner/digest.h"

namespace yeyak::projections {

struct SwitchNote {
    std::string actor;
    operations::ViewSwitched fact;
};

// `how` as in operations::ViewSwitched; `live` is what readers see from now on.
SwitchNote note_of_switch(std::string how, std::string actor, std::uint64_t generation,
                          const ViewDigest& live);

std::string encode(const SwitchNote& note);
// Nothing when the note is damaged.
std::optional<SwitchNote> decode_switch_note(std::string_view text);

}  // namespace yeyak::projections
