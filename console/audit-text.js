// A line of the audit log in plain words. Pure. What is not known here is said as it is stored.

import { words } from './words.js';

/** From action to what was done; `it` is what it was done to. */
const DONE = {
  'user.add': (it) => `made the account of ${it}`,
  'user.password': (it) => `set a new password for ${it}`,
  'user.role': (it) => `changed the role of ${it}`,
  'user.disable': (it) => `closed the account of ${it}`,
  'user.enable': (it) => `opened the account of ${it} again`,
  'user.invite': (it) => `invited somebody as ${it}`,
  'user.forgot': () => 'asked for a link to a new password',
  'user.second_factor': (it) => (it === 'ended' ? 'ended a second factor' : 'set up a second factor'),
  'user.begin_codes': () => 'set up a second factor',
  'user.end_codes': (it) => `ended the second factor of ${it}`,
  'session.begin': () => 'signed in',
  'session.end': () => 'ended a session',
  'site.add': (it) => `added the site ${version(it)}`,
  'site.change': (it) => `changed the settings of ${version(it)}`,
  'site.revert': (it) => `set back the settings of ${version(it)}`,
  'bot.pause': (it) => `paused the bot on ${version(it)}`,
  'bot.resume': (it) => `let the bot speak again on ${version(it)}`,
  'knowledge.publish': (it) => `published the knowledge, ${it}`,
  'knowledge.roll-back': (it) => `rolled the knowledge back, ${it}`,
  'knowledge.import': (it) => `imported the knowledge, ${it}`,
  'chat.read': (it) => `read chat ${short(it)}`,
  'chat.take': (it) => `took chat ${short(it)}`,
  'chat.say': (it) => `wrote in chat ${short(it)}`,
  'chat.hand_back': (it) => `handed back chat ${short(it)}`,
  'chat.resolve': (it) => `settled chat ${short(it)}`,
  'chat.export': (it) => `exported chat ${short(it)}`,
  'chat.erase': (it) => `erased chat ${short(it)}`,
  'chats.expire': (it) => `removed chats whose time was over: ${it}`,
  'job.retry': (it) => `tried job ${it} again`,
  'key.add': (it) => `made the API key ${it}`,
  'key.revoke': (it) => `revoked the API key ${it}`,
  'webhook.add': (it) => `added webhook ${it}`,
  'webhook.remove': (it) => `removed webhook ${it}`,
  'webhook.pause': (it) => `paused webhook ${it}`,
  'webhook.resume': (it) => `resumed webhook ${it}`,
  'webhook.test': (it) => `sent a test to webhook ${it}`,
  'webhook.recover': (it) => `sent again what webhook ${it} missed`,
  'webhook.replay': (it) => `sent a delivery again: ${it}`,
};

/** `{ who, what }`; `people` is what the accounts' list has, to name those who are known by id. */
export function lineText({ actor, action, object }, people) {
  return { who: whoText(actor, people), what: DONE[action]?.(nameOf(object, people)) ?? `${action} ${object}` };
}

function whoText(actor, people) {
  const [, key] = /^key:(.+)$/.exec(actor) ?? [];
  return key ? words.audit.key(key) : (words.audit.actors[actor] ?? nameOf(actor, people));
}

const nameOf = (id, people) => people.find((person) => person.id === id)?.name ?? id;

/** `main v3` is "main, version 3". */
const version = (object) => object.replace(/ v(\d+)$/, ', version $1');

/** Chats go by the end of their id, as in the queue. */
const short = (object) => (/^[0-9a-f]{32}$/.test(object) ? object.slice(-4) : object);
