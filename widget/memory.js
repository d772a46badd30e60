// What the browser remembers, and nothing else: per site the visitor's key and the messages not yet
// acknowledged (localStorage), and per tab whether the chat stands open and what was seen
// (sessionStorage). Nothing is written before the visitor opens the chat. Where storage is refused,
// everything works until the page is left.

import { newKey } from './ids.js';

export function memory(site, local = storage('localStorage'), session = storage('sessionStorage')) {
  const name = `floorwalker:${site}`;
  const read = (store, key) => {
    try {
      return JSON.parse(store.getItem(key));
    } catch {
      return null;
    }
  };
  const unsent = () => {
    const list = read(local, `${name}:unsent`);
    return Array.isArray(list) ? list.filter((message) => typeof message?.client_id === 'string') : [];
  };
  const keepUnsent = (list) => {
    if (list.length) local.setItem(`${name}:unsent`, JSON.stringify(list));
    else local.removeItem(`${name}:unsent`);
  };
  return {
    /** The visitor's key; the first call makes it. */
    key() {
      const known = local.getItem(name);
      if (/^[\w-]{43}$/.test(known ?? '')) return known;
      const key = newKey();
      local.setItem(name, key);
      return key;
    },
    /** Messages of this browser that the server has not acknowledged, oldest first. */
    unsent,
    // Each change reads first: another tab of the same site may have written.
    keep: ({ client_id, kind, text, form, at }) => keepUnsent([...unsent(), { client_id, kind, text, form, at }]),
    forget: (client_id) => keepUnsent(unsent().filter((message) => message.client_id !== client_id)),
    /** `{ open, seen }` of this tab, or null before the chat was first opened in it. */
    tab: () => read(session, name),
    keepTab: (tab) => session.setItem(name, JSON.stringify(tab)),
  };
}

/** The browser's storage, or a stand-in that lasts as long as the page. */
function storage(kind) {
  try {
    const store = window[kind];
    store.getItem('floorwalker');
    return guarded(store);
  } catch {
    return inMemory();
  }
}

/** Storage that is full forgets instead of failing. */
function guarded(store) {
  return {
    getItem: (key) => store.getItem(key),
    removeItem: (key) => store.removeItem(key),
    setItem(key, value) {
      try {
        store.setItem(key, value);
      } catch {
        // Only a reload would have needed it.
      }
    },
  };
}

export function inMemory(map = new Map()) {
  return {
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: (key) => void map.delete(key),
  };
}
