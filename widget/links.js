// Which links may be clicked. Addresses come from feeds and from people, so only two shapes pass:
// absolute http(s), and paths on the page's own site. Everything else is shown as plain text.

const HERE = 'https://here.invalid';

/** The address to use in `href` or `src`, or null if it may not be used. */
export function safeLink(link) {
  if (typeof link !== 'string' || !/^(https?:\/\/|\/)/i.test(link)) return null;
  const url = parse(link);
  if (!url || url.username || url.password) return null;
  if (link.startsWith('/')) {
    // `//evil.example` and `/\evil.example` look like paths and are not.
    return url.origin === HERE ? url.pathname + url.search + url.hash : null;
  }
  return url.href;
}

function parse(link) {
  try {
    return new URL(link, HERE);
  } catch {
    return null;
  }
}

/** A text cut into plain pieces and http(s) addresses: `[{ text, href? }]`. Joined, it is the text. */
export function pieces(text) {
  const found = [];
  let from = 0;
  for (const match of text.matchAll(/https?:\/\/[^\s<>"]+/gi)) {
    const address = match[0].replace(/[.,;:!?)\]'’”]+$/, '');
    const href = safeLink(address);
    if (!href) continue;
    if (match.index > from) found.push({ text: text.slice(from, match.index) });
    found.push({ text: address, href });
    from = match.index + address.length;
  }
  if (from < text.length) found.push({ text: text.slice(from) });
  return found;
}
