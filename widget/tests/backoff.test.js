import assert from 'node:assert/strict';
import { test } from 'node:test';
import { delay, FIRST_MS, LONGEST_MS } from '../backoff.js';

const almostOne = 1 - Number.EPSILON;

test('the ceiling doubles from half a second to half a minute', () => {
  const ceilings = [0, 1, 2, 6, 7, 1_000].map((attempt) => delay(attempt, almostOne) + 1);
  assert.deepEqual(ceilings, [FIRST_MS, 1_000, 2_000, LONGEST_MS, LONGEST_MS, LONGEST_MS]);
});

test('jitter is full: it may be any time from now on', () => {
  assert.equal(delay(5, 0), 0);
  assert.equal(delay(5, 0.5), 8_000);
});
