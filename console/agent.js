// What a browser calls itself, in words: "Firefox on Windows". Pure.

/** The first that fits: most browsers also claim to be others. */
const BROWSERS = [['Edge', /\bEdgA?\//], ['Opera', /\bOPR\//], ['Samsung Internet', /SamsungBrowser\//], ['Firefox', /(Firefox|FxiOS)\//], ['Chrome', /(Chrome|CriOS|HeadlessChrome)\//], ['Safari', /Safari\//]];
const SYSTEMS = [['iPhone', /iPhone/], ['iPad', /iPad/], ['Android', /Android/], ['Windows', /Windows/], ['macOS', /Mac OS X|Macintosh/], ['ChromeOS', /CrOS/], ['Linux', /Linux/]];

const known = (list, agent) => list.find(([, mark]) => mark.test(agent))?.[0] ?? null;

/** `{ browser, system }`, each null if it is not known; `browser` is then the program's own first word. */
export function nameOf(agent) {
  const word = /^[\w.-]+/.exec(agent)?.[0] ?? null;
  return { browser: known(BROWSERS, agent) ?? (word === 'Mozilla' ? null : word), system: known(SYSTEMS, agent) };
}

/** Which of these sessions is the one in a browser that calls itself `own`, if that is sure. */
export function sessionHere(sessions, own) {
  const marked = sessions.find(({ current }) => current);
  if (marked) return marked.id;
  const alike = sessions.filter(({ agent }) => agent !== '' && own.startsWith(agent));
  return alike.length === 1 ? alike[0].id : null;
}
