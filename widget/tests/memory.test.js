import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inMemory, memory } from '../memory.js';

const message = (client_id) => ({ client_id, kind: 'say', text: 'hi', at: 1 });

test('nothing is written until something is to be remembered', () => {
  const map = new Map();
  const remembered = memory('demo', inMemory(map), inMemory(map));
  assert.deepEqual([remembered.tab(), remembered.unsent()], [null, []]);
  assert.equal(map.size, 0);
});

test('the key is 43 characters, made once a site', () => {
  const map = new Map();
  const key = memory('demo', inMemory(map), inMemory()).key();
  assert.match(key, /^[\w-]{43}$/);
  assert.equal(map.get('floorwalker:demo'), key);
  assert.equal(memory('demo', inMemory(map), inMemory()).key(), key);
  assert.notEqual(memory('other', inMemory(map), inMemory()).key(), key);
});

test('a key that is none is replaced', () => {
  const remembered = memory('demo', inMemory(new Map([['floorwalker:demo', 'nonsense']])), inMemory());
  assert.match(remembered.key(), /^[\w-]{43}$/);
});

test('unsent messages survive, in order, until they are forgotten', () => {
  const map = new Map();
  const tabs = [1, 2].map(() => memory('demo', inMemory(map), inMemory()));
  tabs[0].keep(message('a'));
  tabs[1].keep(message('b'));
  assert.deepEqual(tabs[0].unsent().map(({ client_id }) => client_id), ['a', 'b']);
  tabs[1].forget('a');
  tabs[0].forget('b');
  assert.equal(map.size, 0);
});

test('what others wrote into the storage does no harm', () => {
  for (const junk of ['', '{', '7', '{"a":1}', '[null, 7, {"client_id": 3}]']) {
    assert.deepEqual(memory('demo', inMemory(new Map([['floorwalker:demo:unsent', junk]])), inMemory()).unsent(), []);
  }
});
