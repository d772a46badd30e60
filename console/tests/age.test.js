import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ago, waited } from '../age.js';

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

test('a wait is a clock at first and grows coarse', () => {
  assert.deepEqual([-5, 42_000, 12 * minute + 5_000, hour + 5 * minute, day, 2 * day].map(waited), ['0:00', '0:42', '12:05', '1 h 05 min', '1 day', '2 days']);
});

test('other ages are as short as can be', () => {
  assert.deepEqual([-5, 0, minute, hour, day, 3 * day].map(ago), ['now', 'now', '1 min', '1 h', '1 day', '3 days']);
});
