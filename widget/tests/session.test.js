import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { inMemory, memory } from '../memory.js';
import { session } from '../session.js';
import { frame, says } from './frames.js';

/** Sockets of a browser, as far as a line uses them; `opened` has them all. */
let opened = [];
class Socket {
  static OPEN = 1;
  readyState = 0;
  sent = [];
  constructor(url) {
    this.url = String(url);
    opened.push(this);
  }
  send = (text) => void this.sent.push(JSON.parse(text));
  close = () => void (this.readyState = 3);
  accept() {
    this.readyState = 1;
    this.onopen();
  }
  hear = (...frames) => frames.forEach((each) => this.onmessage({ data: JSON.stringify(each) }));
  drop() {
    this.readyState = 3;
    this.onclose();
  }
}

const listeners = {};
Object.assign(globalThis, {
  WebSocket: Socket,
  location: { origin: 'https://shop.example', pathname: '/tents', search: '?utm=1', hash: '#top' },
  document: { title: 'Tents' },
  addEventListener: (name, act) => void (listeners[name] = act),
  removeEventListener: () => {},
});

let states, store, talk;
const begin = () => session({ server: 'https://chat.example', site: 'demo', memory: store, onChange: (state) => states.push(state) });
const latest = () => states.at(-1);
const last = () => opened.at(-1);
/** Lets what was awaited happen, then `ms` pass. */
async function pass(ms) {
  await Promise.resolve();
  await Promise.resolve();
  mock.timers.tick(ms);
}

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  mock.method(Math, 'random', () => 0.5);
  opened = [];
  states = [];
  store = memory('demo', inMemory(), inMemory());
  talk = begin();
});

const synced = (through_seq = 0) => ({ type: 'synced', through_seq });
const sayings = (socket) => socket.sent.filter(({ type }) => type === 'say');

test('hello is the first frame, shaped like the fixture, without query or fragment', () => {
  last().accept();
  const [hello] = last().sent;
  assert.equal(last().url, 'wss://chat.example/ws/visitor');
  assert.deepEqual(Object.keys(hello), Object.keys(says[0]));
  assert.deepEqual(hello.page, { url: 'https://shop.example/tents', title: 'Tents' });
  assert.equal(hello.key, store.key());
});

test('a message is sent once the history is complete, in the shape of the fixture', () => {
  last().accept();
  talk.say('hi');
  assert.equal(sayings(last()).length, 0);
  last().hear(synced());
  assert.deepEqual(Object.keys(sayings(last())[0]), Object.keys(says.find(({ type }) => type === 'say')));
});

test('a message is sent again under the same name after every reconnection until it is acknowledged', async () => {
  last().accept();
  last().hear(synced());
  talk.say('hi');
  const [{ client_id }] = sayings(last());
  last().drop();
  await pass(30_000);
  last().accept();
  last().hear(synced());
  assert.deepEqual(sayings(last()).map((said) => said.client_id), [client_id]);
  last().hear({ type: 'ack', client_id, seq: 2 });
  last().drop();
  await pass(30_000);
  last().accept();
  last().hear(synced());
  assert.equal(sayings(last()).length, 0);
  assert.deepEqual(store.unsent(), []);
});

test('a reload sends what the page before it could not', () => {
  talk.say('from the page before');
  const after = begin();
  assert.equal(after.state().pending.length, 1);
  last().accept();
  last().hear(synced());
  assert.equal(sayings(last())[0].text, 'from the page before');
});

test('the history that comes back settles what was stored before the line broke', () => {
  talk.say('hi');
  const [{ client_id }] = latest().pending;
  last().accept();
  last().hear(frame('said', { client_id }), synced(2));
  assert.deepEqual([latest().pending.length, latest().items.length, sayings(last()).length], [0, 1, 0]);
});

test('a reconnection asks for what came after the last event', async () => {
  last().accept();
  last().hear(frame('said'), synced(2));
  last().drop();
  await pass(30_000);
  last().accept();
  assert.equal(last().sent[0].after_seq, 2);
});

test('being online again reconnects at once', async () => {
  last().drop();
  listeners.online();
  await pass(0);
  assert.equal(opened.length, 2);
});

test('without an acknowledgement the connection is given up and the message sent on the next', async () => {
  last().accept();
  last().hear(synced());
  talk.say('hi');
  mock.timers.tick(10_000);
  await pass(0);
  assert.equal(opened.length, 2);
  last().accept();
  last().hear(synced());
  assert.equal(sayings(last()).length, 1);
});

test('too fast: the same message goes again a little later', () => {
  last().accept();
  last().hear(synced());
  talk.say('hi');
  const [{ client_id }] = sayings(last());
  last().hear({ type: 'error', code: 'too_fast', message: 'why', client_id });
  assert.equal(latest().pending[0].problem, 'why');
  mock.timers.tick(4_000);
  assert.deepEqual(sayings(last()).map((said) => said.client_id), [client_id, client_id]);
});

test('a refused message is kept until it is taken back', () => {
  last().accept();
  last().hear(synced());
  talk.say('hi');
  const [{ client_id }] = sayings(last());
  last().hear({ type: 'error', code: 'too_long', message: 'why', client_id });
  mock.timers.tick(60_000);
  assert.equal(sayings(last()).length, 1);
  assert.equal(talk.takeBack(client_id), 'hi');
  assert.deepEqual([latest().pending, store.unsent()], [[], []]);
});

test('a person is asked for once', () => {
  last().accept();
  last().hear(synced());
  talk.askPerson();
  talk.askPerson();
  const asked = last().sent.filter(({ type }) => type === 'ask_person');
  assert.equal(asked.length, 1);
  last().hear(frame('queued'), { type: 'ack', client_id: asked[0].client_id, seq: 9 });
  talk.askPerson();
  assert.equal(last().sent.filter(({ type }) => type === 'ask_person').length, 1);
});

test('a colleague who stopped composing without a word is noticed', () => {
  last().accept();
  last().hear({ type: 'signal', composing: 'staff' });
  assert.equal(latest().composing, 'staff');
  mock.timers.tick(6_000);
  assert.equal(latest().composing, null);
});
