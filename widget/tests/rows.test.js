import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fold, send, start } from '../state.js';
import { rows } from '../rows.js';
import { same } from '../keyed.js';
import { frame } from './frames.js';

const after = (...frames) => frames.reduce(fold, start());
const kinds = (state) => rows(state).map((row) => row.kind);

test('before anything is asked there is a greeting and something to ask', () => {
  assert.deepEqual(kinds(after(frame('welcome'), frame('synced'))), ['greeting', 'suggestions']);
});

test('suggestions wait for the history, and go with the first message', () => {
  const welcomed = after(frame('welcome'));
  assert.deepEqual(kinds(welcomed), ['greeting']);
  const sent = send(fold(welcomed, frame('synced')), { client_id: 'm', kind: 'say', text: 'hi', at: 1 });
  assert.deepEqual(kinds(sent), ['greeting', 'said']);
});

test('a message keeps its key when the server shows it back', () => {
  const sent = send(start(), { client_id: 'm1', kind: 'say', text: 'hi', at: 1 });
  const [before] = rows(sent).filter((row) => row.kind === 'said');
  const [shown] = rows(fold(sent, frame('said'))).filter((row) => row.kind === 'said');
  assert.equal(before.key, shown.key);
});

test('a name stands above the first message of a run', () => {
  const state = after(frame('said'), frame('staff_said', { seq: 3 }), frame('staff_said', { seq: 4 }), frame('staff_said', { seq: 5, name: 'Ben' }));
  assert.deepEqual(rows(state).filter((row) => row.kind === 'staff').map((row) => row.first), [true, false, true]);
});

test('a long silence gets a line with the time', () => {
  const later = frame('staff_said', { seq: 3, at: frame('said').at + 31 * 60_000 });
  assert.deepEqual(kinds(after(frame('said'), later)), ['time', 'said', 'time', 'staff']);
});

test('dots show while the bot looks, not while it is speaking', () => {
  const composing = { type: 'signal', composing: 'bot' };
  assert.ok(kinds(after(frame('said'), composing)).includes('typing'));
  assert.ok(!kinds(after(frame('sentence'), composing)).includes('typing'));
  assert.ok(kinds(after(frame('sentence'), frame('reply'), composing)).includes('typing'));
});

test('short replies are offered under the last reply until something is said', () => {
  const choices = ['red, 38', 'green, 38'];
  const live = { ...after(frame('welcome'), frame('reply', { choices })), live: true };
  const offered = (state) => rows(state).filter((row) => row.of === 'choices');
  assert.deepEqual(offered(live).map((row) => row.suggestions), [choices]);
  assert.deepEqual(offered(send(live, { client_id: 'a', kind: 'say', text: 'red, 38', at: 1 })), []);
  assert.deepEqual(offered({ ...after(frame('welcome'), frame('reply')), live: true }), []);
});

test('asking for a person is no message', () => {
  assert.deepEqual(kinds(send(start(), { client_id: 'a', kind: 'ask', at: 1 })), []);
});

test('a row that did not change is the same row', () => {
  const state = after(frame('welcome'), frame('said'), frame('sentence'));
  const before = rows(state);
  const now = rows(fold(state, frame('staff_said')));
  assert.ok(before.every((row, index) => same(row, now[index])));
});
