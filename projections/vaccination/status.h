// How far a vaccination has come, in the words of the founding document, and NO_SHOW, which it has
// not. It only moves forward, so
// events of different streams may come in any order.
#pragma once
#include <boost/describe.hpp>

namespace yeyak::projections {

enum class ReserveStatus { UNKNOWN, RESERVE, CANCEL, NO_SHOW, INJECT };
BOOST_DESCRIBE_ENUM(ReserveStatus, UNKNOWN, RESERVE, CANCEL, NO_SHOW, INJECT)

inline void advance(ReserveStatus& status, ReserveStatus to) {
    if (status < to) status = to;
}

inline const char* text_of(ReserveStatus status) {
    return boost::describe::enum_to_string(status, "");
}

}  // namespace yeyak::projections
