// A moment as people write it: "Mon 23 Nov, 09:00", by the clock on the wall of `zone` or by the
// reader's own. Pure: both times are milliseconds since 1970.

export function when(at, now, zone) {
  const year = (time) => inZone(time, { year: 'numeric' }, zone);
  const date = inZone(at, { weekday: 'short', day: 'numeric', month: 'short', ...(year(at) !== year(now) && { year: 'numeric' }) }, zone);
  const time = inZone(at, { hour: '2-digit', minute: '2-digit' }, zone);
  return `${date.replace(',', '')}, ${time}`;
}

/** Browsers may not know a zone that the server knows. */
function inZone(at, parts, timeZone) {
  try {
    return new Intl.DateTimeFormat('en-GB', { ...parts, timeZone }).format(at);
  } catch {
    return new Intl.DateTimeFormat('en-GB', parts).format(at);
  }
}
