import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAYS, formOf, isChanged, NAMES, over, placeOf, settingsOf } from '../site-form.js';

const nothing = {
  name: null, origins: [], accent: null, language: null, time_zone: null, hours: null, holidays: [],
  texts: { greeting: null, suggestions: null, closed: null, nobody_free: null },
  accept_within_minutes: 3, reply_within_hours: 4, bot: 'always', paused: null, keep_chats_days: null,
};
const week = { mon: ['09:00-12:30', '13:30-17:30'], tue: [], wed: [], thu: [], fri: ['09:00-12:00'], sat: [], sun: [] };
const everything = {
  name: 'Tarn & Trail', origins: ['https://shop.example', 'http://localhost:3000'], accent: '#1F6350', language: 'en-IE', time_zone: 'Europe/Dublin',
  hours: week,
  holidays: [
    { date: '2026-12-24', name: 'Christmas Eve', hours: ['09:00-12:00'] },
    { date: '2026-12-25', name: 'Christmas Day', hours: [] },
    { date: '2026-12-26', name: '', hours: ['10:00-11:00', '12:00-13:00'] },
    { date: '2026-05-01', name: '1st of May', hours: [] },
    { date: '2026-05-02', name: '24-26 closed', hours: [] },
    { date: '2026-05-03', name: '- a dash', hours: ['10:00-11:00'] },
  ],
  texts: { greeting: 'Hi, an AI here.', suggestions: ['Delivery?', 'Returns?'], closed: 'Back {opens}.', nobody_free: 'Busy.' },
  accept_within_minutes: 0, reply_within_hours: 200, bot: 'outside_hours', paused: { until: 5 }, keep_chats_days: 90,
};
const typed = (settings, changes) => settingsOf({ ...formOf(settings), ...changes }, settings);
/** As if every field had been touched: the whole form over settings that are all different. */
const fresh = (form, like) => settingsOf(form, like);

test('settings come back from the form as they went in', () => {
  for (const settings of [nothing, everything]) {
    assert.deepEqual(settingsOf(formOf(settings), settings), settings);
    assert.equal(isChanged(formOf(settings), settings), false);
  }
});

test('every field of the form becomes its setting', () => {
  assert.deepEqual(fresh(formOf(everything), nothing), { ...everything, paused: null });
  assert.deepEqual(fresh(formOf(nothing), everything), { ...nothing, paused: { until: 5 } });
  for (const name of NAMES) assert.ok(name in formOf(nothing), name);
});

test('nothing typed follows the shop, and so do spaces', () => {
  const emptied = typed(everything, { name: ' ', accent: '', 'texts.greeting': '\n', keep_chats_days: '', 'hours.own': false, 'texts.suggestions.own': false });
  assert.deepEqual([emptied.name, emptied.accent, emptied.texts.greeting, emptied.keep_chats_days, emptied.hours, emptied.texts.suggestions], [null, null, null, null, null, null]);
  assert.deepEqual(typed(everything, { 'texts.suggestions': '' }).texts.suggestions, [], 'own, and none');
});

test('hours are as many as there are commas, and an empty day is closed', () => {
  const { hours } = typed(nothing, { 'hours.own': true, 'hours.mon': '09:00-12:30,13:30-17:30 ,' });
  assert.deepEqual(hours.mon, ['09:00-12:30', '13:30-17:30']);
  assert.deepEqual(DAYS.map((day) => hours[day].length), [2, 0, 0, 0, 0, 0, 0]);
});

test('mistakes are sent as they were typed', () => {
  assert.deepEqual(typed(everything, { 'hours.tue': 'nine to five' }).hours.tue, ['nine to five']);
  assert.equal(typed(nothing, { reply_within_hours: '4h' }).reply_within_hours, '4h');
  assert.equal(typed(nothing, { keep_chats_days: '-1' }).keep_chats_days, '-1');
  assert.equal(typed(nothing, { accent: 'red' }).accent, 'red');
  assert.deepEqual(typed(nothing, { origins: 'shop.example\n\n https://b.example ' }).origins, ['shop.example', 'https://b.example']);
  const { holidays } = typed(nothing, { holidays: 'Christmas\n25.12.2026 9-12 Christmas Day\n2026-12-26 9:00 Half' });
  assert.deepEqual(holidays, [
    { date: 'Christmas', name: '', hours: [] },
    { date: '25.12.2026', name: 'Christmas Day', hours: ['9-12'] },
    { date: '2026-12-26', name: 'Half', hours: ['9:00'] },
  ]);
});

test('a holiday is written in the ways people write', () => {
  const one = (holidays) => typed(nothing, { holidays }).holidays[0];
  assert.deepEqual(one('2026-12-25 - Christmas Day'), { date: '2026-12-25', name: 'Christmas Day', hours: [] });
  assert.deepEqual(one('2026-12-24 9:00 – 12:00, 13:00-14:00 Eve'), { date: '2026-12-24', name: 'Eve', hours: ['9:00 – 12:00', '13:00-14:00'] });
  assert.deepEqual(one('2026-05-01 2nd day'), { date: '2026-05-01', name: '2nd day', hours: [] });
  assert.deepEqual(one('2026-05-01'), { date: '2026-05-01', name: '', hours: [] });
});

test('what somebody else changed meanwhile comes in, and what was typed stays', () => {
  const newer = { ...nothing, name: 'Theirs', accent: '#000000', paused: { until: null } };
  const { form, both } = over(newer, { ...formOf(nothing), name: 'Mine', language: 'de-DE' }, nothing);
  assert.deepEqual([form.name, form.language, form.accent, both], ['Mine', 'de-DE', '#000000', ['name']]);
  assert.deepEqual(settingsOf(form, newer).paused, { until: null });
  assert.deepEqual(over(newer, { ...formOf(nothing), name: 'Theirs' }, nothing).both, [], 'the same twice');
});

test('a refusal is beside its field, and its line', () => {
  const form = { ...formOf(everything), origins: 'https://a.example\n\nb.example' };
  const place = (message) => placeOf(message, form);
  assert.deepEqual(place('settings.accent: `red` is not a colour: no'), { name: 'accent', line: null, message: '`red` is not a colour: no' });
  assert.deepEqual(place('texts.greeting: one line'), { name: 'texts.greeting', line: null, message: 'one line' });
  assert.deepEqual(place('settings.hours.mon: `9-17` are not'), { name: 'hours.mon', line: null, message: '`9-17` are not' });
  assert.deepEqual(place('settings.origins[1]: no'), { name: 'origins', line: 2, message: 'no' });
  assert.deepEqual(place('settings.holidays[4].hours: no'), { name: 'holidays', line: 4, message: 'no' });
  assert.deepEqual(place('settings.holidays[0].date: failed to parse two digit integer: odd'), { name: 'holidays', line: 0, code: 'date' });
  assert.deepEqual(place('settings.keep_chats_days: invalid type: string "x", expected u16'), { name: 'keep_chats_days', line: null, code: 'number' });
  assert.deepEqual(place('settings.hours: no'), { name: 'hours.own', line: null, message: 'no' });
  assert.deepEqual(place('it is late: sleep'), { name: null, line: null, message: 'it is late: sleep' });
  assert.deepEqual(place('the server could not store this'), { name: null, line: null, message: 'the server could not store this' });
});
