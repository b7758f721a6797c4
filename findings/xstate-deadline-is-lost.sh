#!/usr/bin/env bash
# Package: xstate 5.33.3 (npm).
# Input:   a hold that expires (`after`), kept with getPersistedSnapshot() and taken up again by
#          another process with createActor(machine, { snapshot }), as its guide to persistence says.
# Expected: the deadline goes on, or begins anew. An `after` transition belongs to being in the
#          state, as invoked work does, and that is started again. (SCXML 6.2, its model: a delayed
#          event is sent when its time has come, unless it is cancelled.)
# Seen:    the restored actor stays in the state for ever (open there: issue 5331), and a raise() with
#          a delay is gone, too; invoked work is done a second time. A deadline of more than 2^31 - 1 ms
#          (24.8 days) is over at once: thirty days to pay are one millisecond.
# Who is hit: sagas: after a restart nothing is released or refunded; a long one is refunded at once.
set -euo pipefail

npm install --loglevel=error --no-audit --no-fund xstate@5.33.3 >/dev/null

cat >seen.mjs <<'END'
import { setTimeout as sleep } from 'node:timers/promises';
import { createActor, createMachine, fromPromise, raise, setup } from 'xstate';

// What another process makes of an actor that was stopped in its first state.
async function takenUp(machine, ms) {
  const first = createActor(machine).start();
  const kept = JSON.stringify(first.getPersistedSnapshot());
  first.stop();
  const again = createActor(machine, { snapshot: JSON.parse(kept) }).start();
  await sleep(ms);
  return again.getSnapshot().value;
}

const hold = (ms) => createMachine({
  initial: 'held',
  states: { held: { after: { [ms]: 'expired' }, on: { pay: 'paid' } }, paid: {}, expired: {} },
});
const reminded = createMachine({
  entry: raise({ type: 'remind' }, { delay: 100 }),
  initial: 'quiet',
  states: { quiet: { on: { remind: 'reminded' } }, reminded: {} },
});
let charges = 0;
const charge = fromPromise(async () => { charges += 1; });
const payment = setup({ actors: { charge } }).createMachine({
  initial: 'charging',
  states: { charging: { invoke: { src: 'charge', onDone: 'charged' } }, charged: {} },
});

const live = createActor(hold(100)).start();
await sleep(1000);
const month = createActor(hold(30 * 24 * 3600 * 1000)).start();
await sleep(200);
const seen = {
  'hold of 100 ms, after 1 s': live.getSnapshot().value,
  'the same, restored, after 1 s': await takenUp(hold(100), 1000),
  'delayed raise, restored, after 1 s': await takenUp(reminded, 1000),
  'hold of 30 days, after 0.2 s': month.getSnapshot().value,
  'payment, restored': await takenUp(payment, 100),
  'charges for that payment': charges,
};
for (const [what, value] of Object.entries(seen)) console.log(`${what.padEnd(36)} ${value}`);
process.exit(Object.values(seen).join() === 'expired,held,quiet,expired,charged,2' ? 0 : 1);
END
node --no-warnings seen.mjs
