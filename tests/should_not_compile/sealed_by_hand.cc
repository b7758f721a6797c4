// Only the seal makes a sealed text of a plain one.
#include "privacy/sealer.h"

yeyak::Sealed seal(const yeyak::privacy::Sealer& sealer) {
#ifdef MISTAKE
    return yeyak::Sealed{"12 Jong-ro"};
#else
    return sealer(yeyak::privacy::Address{"12 Jong-ro"});
#endif
}
