// How long ago, in as few words as do. Pure: `ms` is a span.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A clock for someone who waits: "0:42", "12:05", "1 h 05 min", "2 days". */
export function waited(ms) {
  const span = Math.max(0, ms);
  const two = (number) => String(Math.floor(number)).padStart(2, '0');
  if (span < HOUR) return `${Math.floor(span / MINUTE)}:${two((span % MINUTE) / 1_000)}`;
  if (span < DAY) return `${Math.floor(span / HOUR)} h ${two((span % HOUR) / MINUTE)} min`;
  return days(span);
}

/** For everyone else: "now", "5 min", "3 h", "2 days". */
export function ago(ms) {
  if (ms < MINUTE) return 'now';
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h`;
  return days(ms);
}

function days(ms) {
  const count = Math.floor(ms / DAY);
  return count === 1 ? '1 day' : `${count} days`;
}
