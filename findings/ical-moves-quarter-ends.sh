#!/usr/bin/env bash
# Package: ical.js 2.2.1 (npm), the iterator of recurrence rules; beside it rrule 2.8.1, which agrees
#          with RFC 5545 on all of these (as python3-dateutil does).
# Input:   yearly rules whose start is their own first date: the last day of each quarter, the Monday
#          of the second week; and the first of December and January, written in that order.
# Expected: RFC 5545, 3.3.10: BYMONTHDAY=-1 is the last day of *that* month; BYWEEKNO=2 is one week of
#          the year; COUNT=4 gives four dates; lists have no order, dates do.
# Seen:    the first year is right, so a test passes. From the second on the quarter ends on 1 July
#          and 1 October: the length of March is used for all months. (The same rule as FREQ=MONTHLY
#          is right.) The yearly Monday is missing, and then comes every week. December 2026 is
#          skipped, January 2027 comes after December 2027, and the fourth date never comes.
# Who is hit: settlements, closing days and inventories that are planned from a calendar.
set -euo pipefail

npm install --loglevel=error --no-audit --no-fund ical.js@2.2.1 rrule@2.8.1 >/dev/null

cat >seen.mjs <<'END'
import ICAL from 'ical.js';
import rrule from 'rrule';

function byIcal(start, rule) {
  const dates = [];
  const iterator = ICAL.Recur.fromString(rule).iterator(ICAL.Time.fromDateString(start));
  for (let date = iterator.next(); date && dates.length < 20; date = iterator.next()) dates.push(date.toString());
  return dates.join(' ');
}

function byRrule(start, rule) {
  const dates = rrule.rrulestr(`DTSTART:${start.replaceAll('-', '')}T000000Z\nRRULE:${rule}`).all();
  return dates.map((date) => date.toISOString().slice(0, 10)).join(' ');
}

const asWritten = [
  ['2026-03-31', 'FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1;COUNT=8',
    '2026-03-31 2026-06-30 2026-09-30 2026-12-31 2027-03-31 2027-07-01 2027-10-01 2027-12-31'],
  ['2026-03-31', 'FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1;COUNT=8',
    '2026-03-31 2026-06-30 2026-09-30 2026-12-31 2027-03-31 2027-06-30 2027-09-30 2027-12-31'],
  ['2026-01-05', 'FREQ=YEARLY;BYWEEKNO=2;BYDAY=MO;COUNT=4', '2026-01-12 2026-01-19 2026-01-26 2026-02-02'],
  ['2026-01-01', 'FREQ=MONTHLY;BYMONTH=12,1;COUNT=4', '2026-01-01 2027-12-01 2027-01-01'],
];
let same = 0;
let changed = false;
for (const [start, rule, written] of asWritten) {
  const [ical, other] = [byIcal(start, rule), byRrule(start, rule)];
  console.log(`${start} ${rule}\n    rrule   ${other}\n    ical.js ${ical}`);
  changed ||= ical !== written;
  same += ical === other;
}
process.exit(!changed && same === 1 ? 0 : 1);
END
node seen.mjs
