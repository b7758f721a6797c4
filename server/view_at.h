// A view as a reader gets it, and how fresh it is wanted.
#pragma once
#include <memory>
#include <optional>

#include "eventstore/event.h"

namespace yeyak::projections {
class ViewStore;
struct Build;
}  // namespace yeyak::projections

namespace yeyak::server {

struct Wanted {
    // That has been applied; waited for up to read_wait_ms.
    std::optional<eventstore::Position> least = {};
    bool eventual = false;  // without `least`: as it stands
};

// A view as it stands, or stood. Its rows can be read as long as somebody holds this.
struct ViewAt {
    const projections::ViewStore* rows = nullptr;
    std::shared_ptr<const projections::Build> build;
    eventstore::Position position = 0;
    eventstore::Position head = 0;  // of the log when the reader came
    bool reached = true;            // it is at the least position that was wanted
};

}  // namespace yeyak::server
