// Who carries out the effects of one kind of aggregate, at the edge: payments, notifications. What
// it cannot do now waits there, and in the outbox. I/O context only.
#pragma once
#include "aggregates/engine/pending.h"

namespace yeyak {

class EffectDesk {
  public:
    virtual ~EffectDesk() = default;
    virtual void carry_out(DueEffect effect) = 0;
    // A context came up: what waited for it goes on.
    virtual void wake() = 0;
};

}  // namespace yeyak
