// How long to wait before trying again. Full jitter: any time between now and a ceiling that
// doubles, so that many browsers cut off at once do not come back at once.
// Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.

export const FIRST_MS = 500;
export const LONGEST_MS = 30_000;

/** Milliseconds to wait before attempt `attempt` (from 0). `random` is in [0, 1). */
export function delay(attempt, random) {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
  return Math.floor(random * ceiling);
}
