import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fold, groups, neighbour, start, waiting, watch } from '../state.js';
import { event, hears } from './frames.js';

const queue = hears.find(({ type, rows }) => type === 'queue' && rows.length);
const [first, second, third] = queue.rows.map(({ chat }) => chat);

test('every frame folds; those of a chat nobody watches change nothing', () => {
  const state = hears.reduce(fold, start());
  assert.equal(state.watched, null);
});

test('synced is the last word on whose turn it is', () => {
  const synced = hears.find(({ type, owner }) => type === 'synced' && owner);
  const state = fold(fold(watch(start(), synced.chat), event('visitor_said')), synced);
  assert.deepEqual([state.watched.turn, state.watched.owner, state.watched.last], ['open', 'Ana', 16]);
  const other = { ...synced, chat: second, state: 'bot' };
  assert.equal(fold(state, other), state);
});

test('the queue shows who waits, then what is one’s own', () => {
  const names = (me) => groups(queue.rows, me).map(({ name }) => name);
  assert.deepEqual(names('Ana'), ['queued', 'mine', 'bot', 'resolved']);
  assert.deepEqual(names('Ben'), ['queued', 'open', 'bot', 'resolved']);
  assert.deepEqual(waiting(fold(start(), queue)), [first]);
});

test('one walks the queue as it is shown and stops at its ends', () => {
  const state = fold(start(), queue);
  assert.equal(neighbour(state, 'Ana', 1), first);
  assert.equal(neighbour(watch(state, first), 'Ana', 1), second);
  assert.equal(neighbour(watch(state, first), 'Ana', -1), first);
  assert.equal(neighbour(watch(state, third), 'Ana', -1), second);
  assert.equal(neighbour(start(), 'Ana', 1), null);
});
