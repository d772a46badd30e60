// What the shop knows: find a page, a question or a product, edit it, try it, publish it, go back.
// Holds the page's state and carries out what the person at the screen wants.

import { api } from './api.js';
import { atLeast } from './roles.js';
import { bar } from './bar.js';
import { blank, editOf, formOf, idOf, sameForm } from './edits.js';
import { editorPane } from './editor.js';
import { finder } from './finder.js';
import { h } from '../widget/h.js';
import { versionsPane } from './versions.js';
import { words } from './words.js';

export function knowledge({ me, onSignedOut }) {
  const may = atLeast(me, 'manager');
  const find = finder({ may, onSearch: search, onChoose: choose, onNew: begin, onVersions: showVersions });
  const pane = h('main.pane', null, empty());
  const node = h('div.floor.knowledge', null, bar({ me, here: 'knowledge', onSignOut: signOut }), find.node, pane);
  /** What was begun and not published: key -> { edit, form, base }. */
  const drafts = new Map();
  let version = 0;
  let query = '';
  let shown = null;

  function empty() {
    return h('div.empty', null, h('strong', null, words.knowledge.choose), h('span', null, may ? words.knowledge.chooseMore : words.knowledge.readOnly));
  }

  /** Calls the server; a session that ended ends the page. */
  async function call(asked) {
    try {
      return await asked;
    } catch (refused) {
      if (refused.status === 401) onSignedOut(words.signedOut);
      throw refused;
    }
  }

  async function search(text) {
    query = text;
    try {
      const found = await call(api.knowledge(text));
      if (query !== text) return;
      version = found.version;
      find.draw(found, { drafts, current: shown?.key });
    } catch (refused) {
      find.fail(refused.message);
    }
  }

  function show(key, next) {
    keep();
    shown = { key, ...next };
    pane.replaceChildren(next.node);
    node.classList.toggle('has-chat', key !== null);
    find.mark(key, drafts);
    pane.scrollTop = 0;
    next.focus?.();
  }

  /** What was changed stays until it is published or let go. */
  function keep() {
    if (!shown?.editor) return;
    const { key, editor, edit, base } = shown;
    const form = editor.read();
    if (sameForm(form, formOf(edit))) drafts.delete(key);
    else drafts.set(key, { edit, form, base });
  }

  const close = () => show(null, { node: empty() });

  async function choose({ kind, id }) {
    const key = `${kind} ${id}`;
    const draft = drafts.get(key);
    if (draft) return open(key, draft);
    try {
      const item = await call(api.knowledgeItem(kind, id));
      open(key, { edit: item.edit, form: formOf(item.edit), base: item.version });
    } catch (refused) {
      find.fail(refused.message);
    }
  }

  function begin(kind) {
    const key = `new ${kind}`;
    const edit = blank[kind]();
    open(key, drafts.get(key) ?? { edit, form: formOf(edit), base: version });
  }

  function open(key, { edit, form, base }) {
    const editor = editorPane({ edit, form, may, onBack: close, onTry: attempt, onPublish: publish, onRemove: remove, onReset: reset });
    show(key, { node: editor.node, editor, edit, base, focus: edit.new ? editor.focus : null });
  }

  /** Lets the changes go and shows the record as it is now, which may be somebody else's work. */
  function reset() {
    const { key, edit } = shown;
    shown = null;
    drafts.delete(key);
    return choose({ kind: edit.kind, id: idOf(edit) });
  }

  async function attempt(question) {
    const { editor, edit, base } = shown;
    return call(api.knowledgeTry(base, [editOf(edit, editor.read())], question));
  }

  async function publish(note) {
    await send([editOf(shown.edit, shown.editor.read())], note);
  }

  async function remove(note) {
    await send([{ kind: 'remove', what: shown.edit.kind, id: idOf(shown.edit) }], note);
  }

  /** Publishes and goes on with what the server made of it. Refusals are the editor's to show. */
  async function send(edits, note) {
    const { key, edit, editor, base } = shown;
    const progress = setInterval(async () => editor.preparing((await api.knowledge('').catch(() => null))?.preparing), 1_000);
    let published;
    try {
      published = await call(api.knowledgePublish(base, edits, note));
    } catch (refused) {
      if (refused.code === 'meanwhile') refused.message = await untouched(edit) ? words.knowledge.meanwhileElsewhere : words.knowledge.meanwhileHere;
      throw refused;
    } finally {
      clearInterval(progress);
    }
    const still = shown?.editor === editor;
    if (still) shown = null;
    drafts.delete(key);
    // Nobody else came between: what others drafts were made from is as it was.
    for (const draft of drafts.values()) if (draft.base === base) draft.base = published.version;
    await search(query);
    const removed = edits[0].kind === 'remove';
    if (still && removed) close();
    if (still && !removed) await choose({ kind: edits[0].kind, id: nameOf(edits[0]) });
    if (shown?.editor) shown.editor.done(published);
    else find.tell(words.knowledge.published(published.version));
  }

  /** After somebody else published: whether this record is as it was. Then theirs is what it is based on. */
  async function untouched(edit) {
    const found = await (edit.new ? api.knowledge('') : api.knowledgeItem(edit.kind, idOf(edit))).catch(() => null);
    const same = found && (edit.new || JSON.stringify(found.edit) === JSON.stringify(edit));
    if (same) shown.base = found.version;
    return Boolean(same);
  }

  function showVersions() {
    const list = versionsPane({ may, onBack: close, onRollBack: rollBack, load: () => call(api.knowledgeVersions()) });
    show('versions', { node: list.node, focus: list.focus });
  }

  async function rollBack(to, base, note) {
    const published = await call(api.knowledgeRollBack(base, to, note));
    await search(query);
    return published;
  }

  async function signOut() {
    await api.signOut().catch(() => null);
    onSignedOut(words.left);
  }

  search('');
  return { node, focus: find.focus, end: () => find.end() };
}

const nameOf = (edit) => (edit.kind === 'faq' ? edit.question.trim().replace(/\s+/g, ' ') : edit.kind === 'page' ? edit.id : edit.fields.find(({ name }) => name === 'id').value.trim());
