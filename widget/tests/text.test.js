import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, cut, MAX_TEXT, measure } from '../text.js';

test('length is counted in bytes of UTF-8', () => {
  assert.deepEqual(['a', 'é', '€', '🏕'].map(bytes), [1, 2, 3, 4]);
});

test('a text is cut between characters', () => {
  assert.equal(cut('€€', 5), '€');
  assert.equal(cut('🏕', 3), '');
  assert.equal(cut('short', 200), 'short');
});

test('a draft may be sent from one byte to the limit', () => {
  assert.equal(measure(' \n ').sendable, false);
  assert.equal(measure('a'.repeat(MAX_TEXT)).sendable, true);
  assert.equal(measure('a'.repeat(MAX_TEXT + 1)).sendable, false);
  assert.equal(measure('é'.repeat(MAX_TEXT / 2)).left, 0);
});

test('room is told only near the end', () => {
  assert.equal(measure('hello').nearlyFull, false);
  assert.equal(measure('a'.repeat(3_600)).nearlyFull, true);
});
