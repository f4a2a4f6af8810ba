// Writes, for each rule and moment, what opening_hours.js says: o(pen), c(losed) or u(nknown). A row for each rule, a
// column for each moment. `compare.sh` runs it and compares the result with `answers.tsv`, which tests/hours.rs reads.
process.env.TZ = 'UTC'; // The moments are wall time; the library reads the local parts of a Date.
const OpeningHours = require('opening_hours');

const RULES = `
Mo-Fr 09:00-17:00
Mo-Fr 09:00-17:00; PH off
Mo-Sa 09:00-17:00; PH off
Mo-Fr 09:00-17:00; PH,Su off
Mo-Fr 09:00-17:00; PH Off
Mo-Fr 09:00-17:00; PH 10:00-12:00
Mo-Fr,PH 09:00-17:00
Mo-Su,PH 00:00-24:00
Mo-Fr 09:00-17:00; PH +1 day off
Mo-Fr 09:00-17:00; Sa,Su unknown; PH off
PH off; Mo-Fr 09:00-17:00
Mo-Fr 09:00-17:00, PH off
24/7
24/7; PH off
Mo-Fr 08:00-12:00,13:00-17:00
Mo-Fr 08:00-12:00, 13:00-17:00
Mo-Fr 08:00-12:00, Sa 10:00-12:00
Mo-Fr 09:00-12:00; We 13:00-17:00
Mo-Fr 09:00-12:00, We 13:00-17:00
Mo-Fr 09:00-17:00; We off
Mo-Fr 09:00-17:00; 12:00-13:00 off
Mo-Fr 22:00-06:00
Mo-Fr 22:00-06:00; PH off
Mo-Fr 22:00-06:00; Sa off
Mo-Fr 22:00-30:00
Mo-Fr 12:00-24:00
Mo-Fr 12:00-00:00
Fr-Mo 09:00-17:00
Mo[1] 10:00-12:00
Fr[-1] 10:00-12:00
Apr-Oct Mo-Fr 08:00-18:00; Nov-Mar Mo-Fr 09:00-16:00
Apr-Oct Mo-Fr 08:00-18:00; Nov-Mar Mo-Fr 09:00-16:00; PH off
Oct 15-Dec 7 Mo-Su 08:00-20:00; Dec 8-Oct 14 Mo-Fr 08:00-20:00
Mo-Fr 09:00-17:00; Dec 24-26 off
Mo-Fr 09:00-17:00; Dec 24-Jan 1 off
Mo-Fr 09:00-17:00; easter -2 days off
2026-2027 Mo-Fr 09:00-17:00
week 1-20 Mo-Fr 09:00-17:00
Mo-Fr 09:00+
Mo-Fr 09:00-17:00+
`.trim().split('\n');

// Weekdays and a weekend; holidays on weekdays and on weekends with the days on which they are observed; a holiday of
// some states (Columbus Day); Good Friday and Easter; the ends of seasons; a leap day.
const DAYS = `
2026-11-23 2026-11-24 2026-11-25 2026-11-26 2026-11-27 2026-11-28 2026-11-29 2026-12-24 2026-12-25 2026-12-26
2026-12-31 2027-01-01 2027-07-04 2027-07-05 2027-12-24 2027-12-25 2028-01-01 2026-10-12 2026-06-19 2026-07-03
2026-07-04 2026-04-03 2026-04-05 2026-11-01 2028-02-29
`.trim().split(/\s+/);
const TIMES = ['00:30', '03:00', '08:30', '09:00', '11:30', '13:30', '16:59', '22:30'];

const UNITED_STATES = { lat: 40, lon: -75, address: { country_code: 'us' } };
const moments = DAYS.flatMap((day) => TIMES.map((time) => `${day}T${time}`));
const letter = (hours, moment) => {
    const date = new Date(`${moment}:00Z`);
    return hours.getUnknown(date) ? 'u' : hours.getState(date) ? 'o' : 'c';
};
console.log(['rule', ...moments].join('\t'));
for (const rule of RULES) {
    const hours = new OpeningHours(rule, UNITED_STATES, 0);
    console.log([rule, ...moments.map((moment) => letter(hours, moment))].join('\t'));
}
