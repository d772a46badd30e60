// What is said about a site: whether it is open, whether the bot answers, what a change changed. Pure.

import { holidayText } from './site-form.js';
import { when } from './when.js';
import { words } from './words.js';

/** Is the bot silent by order? */
export const isPaused = ({ settings: { paused } }, now) => paused !== null && (paused.until === null || now < paused.until);

/** `{ state, text }` of the opening hours. */
export function openText({ open, opens_at, zone }, now) {
  const text = words.site;
  if (open) return { state: 'open', text: text.open };
  return { state: 'closed', text: `${text.closed}, ${opens_at === null ? text.neverOpens : text.opensAt(when(opens_at, now, zone), zone)}` };
}

/** `{ state, text }` of the bot. */
export function botText(site, now) {
  const text = words.site;
  if (site.bot_speaks) return { state: 'speaks', text: text.speaks };
  if (!isPaused(site, now)) return { state: 'silent', text: text.silent.hours };
  const { until } = site.settings.paused;
  return { state: 'paused', text: until === null ? text.silent.paused : text.silentUntil(when(until, now)) };
}

/**
 * The bot everywhere: `{ state, paused, until }`. `state` is `none`, `some` or `all` of the sites; `paused`
 * are those; `until` is when all of them end, if they end together.
 */
export function pauseOf(sites, now) {
  const paused = sites.filter((site) => isPaused(site, now));
  const ends = new Set(paused.map(({ settings }) => settings.paused.until));
  return { state: paused.length === 0 ? 'none' : paused.length < sites.length ? 'some' : 'all', paused, until: ends.size === 1 ? [...ends][0] : null };
}

/** Minutes until the next day begins on the reader's clock. */
export function minutesToday(now) {
  const midnight = new Date(now);
  midnight.setHours(24, 0, 0, 0);
  return Math.max(1, Math.ceil((midnight.getTime() - now) / 60_000));
}

/** What a field of a change is called. */
export function fieldText(field) {
  const [, day] = /^hours\.(\w+)$/.exec(field) ?? [];
  return words.site.fields[field] ?? words.site.days[day] ?? field;
}

/** A value of a change. Nothing means that it follows the shop, or what else there is. */
export function valueText(field, value, now) {
  const text = words.site;
  const isHours = /^hours\b/.test(field);
  if (value === null) return text.follows[isHours ? 'hours' : field] ?? words.unset;
  if (Array.isArray(value) && value.length === 0) return isHours ? text.closedDay : words.none;
  if (field === 'holidays') return value.map(holidayText).join('; ');
  if (Array.isArray(value)) return value.join(isHours ? ', ' : ' · ');
  if (field === 'bot') return text.bot[value] ?? value;
  if (field === 'paused') return text.silent.paused;
  if (field === 'paused.until') return when(value, now);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
