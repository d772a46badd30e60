// A site's settings as the server has them, and as a form shows them: one text or tick for each field,
// named by its path in the settings. What is typed wrongly is sent as it was typed, so that the server
// names it. Pure.

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** Hours to begin with where a site gets its own. */
export const USUAL = { mon: '09:00-17:00', tue: '09:00-17:00', wed: '09:00-17:00', thu: '09:00-17:00', fri: '09:00-17:00', sat: '', sun: '' };

const lines = (text) => text.split('\n').map((line) => line.trim()).filter(Boolean);
const oneLine = (text) => text.replace(/\s*\n\s*/g, ' ').trim();
const orNull = (text) => oneLine(text) || null;
/** What is no number goes as it was typed. */
const number = (text) => (/^\d+$/.test(text.trim()) ? Number(text) : text.trim());

const plain = [(value) => value ?? '', orNull];
const counted = [String, number];
/** From path to how a setting becomes text, and text a setting. */
const SIMPLE = {
  name: plain,
  accent: plain,
  language: plain,
  time_zone: plain,
  origins: [(origins) => origins.join('\n'), lines],
  holidays: [(holidays) => holidays.map(holidayText).join('\n'), (text) => lines(text).map(holidayOf)],
  accept_within_minutes: counted,
  reply_within_hours: counted,
  'texts.greeting': plain,
  'texts.closed': plain,
  'texts.nobody_free': plain,
  bot: [String, String],
  keep_chats_days: [(days) => (days === null ? '' : String(days)), (text) => (text.trim() ? number(text) : null)],
};
const HOURS = ['hours.own', ...DAYS.map((day) => `hours.${day}`)];
const SUGGESTIONS = ['texts.suggestions.own', 'texts.suggestions'];

/** Every name a form has. */
export const NAMES = [...Object.keys(SIMPLE), ...HOURS, ...SUGGESTIONS];

const get = (settings, path) => path.split('.').reduce((of, name) => of?.[name], settings) ?? null;
const put = (settings, path, value) => {
  const [first, second] = path.split('.');
  return { ...settings, [first]: second ? { ...settings[first], [second]: value } : value };
};

/** The form of these settings. */
export function formOf(settings) {
  const form = {};
  for (const [path, [text]] of Object.entries(SIMPLE)) form[path] = text(get(settings, path));
  form['hours.own'] = settings.hours !== null;
  for (const day of DAYS) form[`hours.${day}`] = (settings.hours?.[day] ?? []).join(', ');
  form['texts.suggestions.own'] = settings.texts.suggestions !== null;
  form['texts.suggestions'] = (settings.texts.suggestions ?? []).join('\n');
  return form;
}

/** The settings a form stands for. What was not touched is as it is in `settings`, which it was filled from. */
export function settingsOf(form, settings) {
  const before = formOf(settings);
  const touched = (names) => names.some((name) => form[name] !== before[name]);
  let made = settings;
  for (const [path, [, value]] of Object.entries(SIMPLE)) if (touched([path])) made = put(made, path, value(form[path]));
  if (touched(HOURS)) made = put(made, 'hours', form['hours.own'] ? Object.fromEntries(DAYS.map((day) => [day, blocksOf(form[`hours.${day}`])])) : null);
  if (touched(SUGGESTIONS)) made = put(made, 'texts.suggestions', form['texts.suggestions.own'] ? lines(form['texts.suggestions']) : null);
  return made;
}

/** Whether a form says anything else than the settings it was filled from. */
export const isChanged = (form, settings) => JSON.stringify(settingsOf(form, settings)) !== JSON.stringify(settings);

/**
 * A form over newer settings: what was typed stays, what was not is as it is now. `{ form, both }`;
 * `both` are the names that were changed here and there to different values.
 */
export function over(newer, form, settings) {
  const [before, now] = [formOf(settings), formOf(newer)];
  const typed = NAMES.filter((name) => form[name] !== before[name]);
  const both = typed.filter((name) => now[name] !== before[name] && now[name] !== form[name]);
  return { form: { ...now, ...Object.fromEntries(typed.map((name) => [name, form[name]])) }, both };
}

const blocksOf = (text) => text.split(',').map((block) => block.trim()).filter(Boolean);

/** Whatever begins like hours is meant as hours: `9-12` is a mistake to be told, and no name. */
const BLOCK = String.raw`\d[\d:.]*\s*[-–]\s*\d[\d:.]*|\d+[:.]\d+`;
const HOLIDAY = new RegExp(String.raw`^(\S+)(?:\s+((?:${BLOCK})(?:\s*,\s*(?:${BLOCK}))*)(?=\s|$))?(?:\s+[-–—](?=\s|$))?\s*(.*)$`, 'u');

/** `2026-12-24 09:00-12:00 Christmas Eve`: a day, when somebody is there all the same, its name. */
function holidayOf(line) {
  const [, date, hours = '', name] = HOLIDAY.exec(line);
  return { date, name, hours: blocksOf(hours) };
}

/** A holiday as one line. */
export function holidayText({ date, name, hours }) {
  const text = (dash) => [date, hours.join(', '), dash, oneLine(name)].filter(Boolean).join(' ');
  // A name that begins like hours, or with a dash, is kept apart from them by a dash.
  return holidayOf(text('')).name === oneLine(name) && holidayOf(text('')).hours.length === hours.length ? text('') : text('-');
}

/**
 * What a refusal is about: `{ name, line, message }`. `name` is a field of the form, or null; `line` the
 * line in it that is meant, from 0, or null. What only a programmer would understand is a `code` instead
 * of a message: `number` or `date`.
 */
export function placeOf(message, form) {
  const [, path, index, part, why] = /^(?:settings\.)?([a-z_]+(?:\.[a-z_]+)?)(?:\[(\d+)\])?(?:[.[]([^:\s]*))?: (.*)$/s.exec(message) ?? [];
  const name = path === 'hours' ? 'hours.own' : path;
  if (!NAMES.includes(name)) return { name: null, line: null, message };
  const told = part === 'date' ? { code: 'date' } : /^invalid (?:type|value): .*u16$/.test(why) ? { code: 'number' } : { message: why };
  if (index === undefined) return { name, line: null, ...told };
  const filled = form[name].split('\n').flatMap((line, place) => (line.trim() ? [place] : []));
  return { name, line: filled[Number(index)] ?? null, ...told };
}
