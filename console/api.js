// The server's HTTP side as the console uses it. Each call resolves with the answer's JSON (null if
// it has none) or throws a `Refused` whose message is meant for the person at the screen.

import { words } from './words.js';

/** `status` is the HTTP status, 0 if there was no answer; `code` is the server's name for the error;
 * `remarks` are `[{ field, message }]` about what was sent, if the server had any. */
export class Refused extends Error {
  constructor(status, { code = 'unknown', message = status === 413 ? words.tooLong : words.failed, remarks = null } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.remarks = remarks;
  }
}

async function call(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: body ? { 'content-type': 'application/json' } : {},
    body: body && JSON.stringify(body),
  }).catch(() => {
    throw new Refused(0, { code: 'unreachable', message: words.unreachable });
  });
  const content = await answer.json().catch(() => null);
  if (!answer.ok) throw new Refused(answer.status, content?.error);
  return content;
}

const onWebhook = (id, method, action = '', body) => call(method, `/api/webhooks/${id}${action}`, body);
const onChat = (chat, action, body) => call('POST', `/api/staff/chats/${chat}/${action}`, body);

export const api = {
  me: () => call('GET', '/api/auth/me'),
  signIn: (name, password, code) => call('POST', '/api/auth/sign-in', { name, password, code }),
  invitation: (token) => call('GET', `/api/invitations?token=${encodeURIComponent(token)}`),
  accept: (token, name, password) => call('POST', '/api/invitations/accept', { token, name, password }),
  signOut: () => call('POST', '/api/auth/sign-out'),
  take: (chat) => onChat(chat, 'take'),
  say: (chat, client_id, text) => onChat(chat, 'say', { client_id, text }),
  handBack: (chat) => onChat(chat, 'hand-back'),
  resolve: (chat) => onChat(chat, 'resolve'),
  knowledge: (words) => call('GET', `/api/knowledge?q=${encodeURIComponent(words)}`),
  knowledgeItem: (kind, id) => call('GET', `/api/knowledge/item?kind=${kind}&id=${encodeURIComponent(id)}`),
  knowledgeVersions: () => call('GET', '/api/knowledge/versions'),
  knowledgeTry: (base, edits, question) => call('POST', '/api/knowledge/try', { base, edits, question }),
  knowledgePublish: (base, edits, note) => call('POST', '/api/knowledge/publish', { base, edits, note }),
  sites: () => call('GET', '/api/sites'),
  addSite: (key) => call('POST', '/api/sites', { key }),
  changeSite: (key, base, settings) => call('POST', `/api/sites/${key}`, { base, settings }),
  siteHistory: (key) => call('GET', `/api/sites/${key}/history`),
  revertSite: (key, base, to) => call('POST', `/api/sites/${key}/revert`, { base, to }),
  pauseBot: (site, minutes) => call('POST', '/api/bot/pause', { site, minutes }),
  resumeBot: (site) => call('POST', '/api/bot/resume', { site }),
  forgot: (email) => call('POST', '/api/auth/forgot', { email }),
  sessions: () => call('GET', '/api/me/sessions'),
  endSession: (id) => call('DELETE', `/api/me/sessions/${id}`),
  beginSecondFactor: () => call('POST', '/api/me/second-factor'),
  secondFactor: () => call('GET', '/api/me/second-factor'),
  endSecondFactor: (code) => call('POST', '/api/me/second-factor/end', { code }),
  proveSecondFactor: (code) => call('POST', '/api/me/second-factor/proof', { code }),
  people: () => call('GET', '/api/people'),
  invite: (email, role) => call('POST', '/api/people/invitations', { email, role }),
  changePerson: (name, change) => call('POST', `/api/people/${encodeURIComponent(name)}`, change),
  audit: (before) => call('GET', `/api/audit${before ? `?before=${before}` : ''}`),
  jobs: () => call('GET', '/api/jobs'),
  retryJob: (id) => call('POST', `/api/jobs/${id}/retry`),
  knowledgeRollBack: (base, to, note) => call('POST', '/api/knowledge/roll-back', { base, to, note }),
  keys: () => call('GET', '/api/keys'),
  addKey: (wish) => call('POST', '/api/keys', wish),
  revokeKey: (id) => call('DELETE', `/api/keys/${id}`),
  webhooks: () => call('GET', '/api/webhooks'),
  addWebhook: (wish) => call('POST', '/api/webhooks', wish),
  pauseWebhook: (id, paused) => onWebhook(id, 'POST', '', { paused }),
  removeWebhook: (id) => onWebhook(id, 'DELETE'),
  testWebhook: (id) => onWebhook(id, 'POST', '/test'),
  recoverWebhook: (id, since) => onWebhook(id, 'POST', '/recover', { since }),
  deliveries: (id, before) => onWebhook(id, 'GET', `/deliveries${before ? `?before=${before}` : ''}`),
  delivery: (id, number) => onWebhook(id, 'GET', `/deliveries/${number}`),
  replay: (id, number) => onWebhook(id, 'POST', `/deliveries/${number}/replay`),
};
