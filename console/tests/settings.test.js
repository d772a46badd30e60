import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atLeast } from '../roles.js';
import { botText, fieldText, minutesToday, openText, pauseOf, valueText } from '../site-state.js';
import { lineText } from '../audit-text.js';
import { nameOf, sessionHere } from '../agent.js';
import { when } from '../when.js';
import { words } from '../words.js';

const NOW = Date.parse('2026-11-23T20:00:00Z');
const site = (changes = {}, paused = null) => ({ shown_as: 'Shop', zone: 'Europe/Dublin', open: false, opens_at: NOW + 3_600_000, bot_speaks: paused === null, settings: { paused }, ...changes });

test('a moment is told by the clock on the wall that is meant', () => {
  assert.equal(when(NOW, NOW, 'Europe/Dublin'), 'Mon 23 Nov, 20:00');
  assert.equal(when(NOW, NOW, 'Europe/Berlin'), 'Mon 23 Nov, 21:00');
  assert.equal(when(Date.parse('2027-01-04T09:00:00Z'), NOW, 'Europe/Dublin'), 'Mon 4 Jan 2027, 09:00');
  assert.match(when(NOW, NOW, 'No/Such_Zone'), /^\w{3} \d+ Nov, \d\d:\d\d$/);
});

test('a site says whether it is open and whether the bot answers', () => {
  assert.equal(openText(site({ open: true }), NOW).state, 'open');
  assert.equal(openText(site(), NOW).text, 'Closed now, opens Mon 23 Nov, 21:00 (Europe/Dublin)');
  assert.match(openText(site({ opens_at: null }), NOW).text, /no opening/);
  assert.equal(botText(site(), NOW).state, 'speaks');
  assert.equal(botText(site({}, { until: null }), NOW).text, words.site.silent.paused);
  assert.match(botText(site({}, { until: NOW + 1 }), NOW).text, /until/);
  // The pause is over, and the hours keep it silent.
  assert.equal(botText(site({ bot_speaks: false }, { until: NOW }), NOW).state, 'silent');
});

test('the bot is paused nowhere, somewhere or everywhere', () => {
  const [speaks, paused, briefly, over] = [site(), site({}, { until: null }), site({}, { until: NOW + 5 }), site({}, { until: NOW - 5 })];
  assert.equal(pauseOf([speaks, over], NOW).state, 'none');
  assert.deepEqual(pauseOf([speaks, paused], NOW), { state: 'some', paused: [paused], until: null });
  assert.deepEqual(pauseOf([briefly, briefly], NOW).until, NOW + 5);
  assert.deepEqual(pauseOf([briefly, paused], NOW), { state: 'all', paused: [briefly, paused], until: null });
  assert.equal(pauseOf([], NOW).state, 'none');
});

test('until tomorrow is until midnight, and at least a minute', () => {
  const at = (hour, minute, second) => new Date(2026, 10, 24, hour, minute, second).getTime();
  assert.equal(minutesToday(at(22, 30, 0)), 90);
  assert.equal(minutesToday(at(23, 59, 50)), 1);
});

test('a change is told by its field and its values in words', () => {
  assert.deepEqual(['texts.greeting', 'hours.mon', 'unheard_of'].map(fieldText), ['Greeting', 'Monday', 'unheard_of']);
  const said = (field, value) => valueText(field, value, NOW);
  assert.equal(said('name', null), 'as the shop');
  assert.equal(said('hours.mon', null), 'as the shop');
  assert.equal(said('hours.mon', []), 'closed');
  assert.equal(said('hours.mon', ['09:00-12:00', '13:00-17:00']), '09:00-12:00, 13:00-17:00');
  assert.equal(said('origins', []), 'none');
  assert.equal(said('holidays', [{ date: '2026-12-25', name: 'Christmas Day', hours: [] }]), '2026-12-25 Christmas Day');
  assert.equal(said('bot', 'outside_hours'), 'Only outside opening hours');
  assert.equal(said('paused', { until: null }), 'The bot is paused');
  assert.equal(said('unheard_of', { a: 1 }), '{"a":1}');
});

test('the audit log speaks in sentences, and does not hide what it does not know', () => {
  const people = [{ id: '0a'.repeat(16), name: 'Ana' }];
  const said = (actor, action, object) => Object.values(lineText({ actor, action, object }, people)).join(' ');
  assert.equal(said('ana', 'bot.pause', 'main v12'), 'ana paused the bot on main, version 12');
  assert.equal(said('0a'.repeat(16), 'user.second_factor', 'begun'), 'Ana set up a second factor');
  assert.equal(said('key:k1', 'chat.take', '0123456789abcdef0123456789abcdef'), 'API key k1 took chat cdef');
  assert.equal(said('operator', 'moon.walk', 'twice'), 'The command line moon.walk twice');
});

test('a browser goes by its name, and this one is marked only if it is sure', () => {
  const edge = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0';
  const safari = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1';
  assert.deepEqual(nameOf(edge), { browser: 'Edge', system: 'Windows' });
  assert.deepEqual(nameOf(safari), { browser: 'Safari', system: 'iPhone' });
  assert.deepEqual(nameOf('curl/8.5.0'), { browser: 'curl', system: null });
  assert.deepEqual(nameOf(''), { browser: null, system: null });
  const sessions = [{ id: 'a', agent: edge }, { id: 'b', agent: safari }];
  assert.equal(sessionHere(sessions, edge), 'a');
  assert.equal(sessionHere([...sessions, { id: 'c', agent: edge }], edge), null);
  assert.equal(sessionHere([...sessions, { id: 'c', agent: edge, current: true }], edge), 'c');
  assert.equal(sessionHere([{ id: 'a', agent: '' }], edge), null);
});

test('each role may do what stands before it', () => {
  const may = (role, wanted) => atLeast({ role }, wanted);
  assert.deepEqual([may('admin', 'analyst'), may('manager', 'admin'), may('agent', 'agent'), may('analyst', 'agent')], [true, false, true, false]);
  assert.equal(may('unheard_of', 'analyst'), false);
});
