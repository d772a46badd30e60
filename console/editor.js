// One page, question or product to edit: its form, a question to try it with, and publishing.

import { formOf, remarksByField, sameForm } from './edits.js';
import { formPane } from './form.js';
import { h, say } from '../widget/h.js';
import { icon } from '../widget/icons.js';
import { trialPane } from './trial.js';
import { words } from './words.js';

export function editorPane({ edit, form, may, onBack, onTry, onPublish, onRemove, onReset }) {
  const text = words.knowledge;
  const fields = formPane({ edit, form, may, onChange: changed });
  const trouble = h('p.trouble', { role: 'alert', hidden: true });
  const done = h('p.done', { role: 'status', hidden: true });
  const note = h('input', { id: 'note', maxlength: '300', placeholder: text.notePlaceholder, autocomplete: 'off' });
  const publish = h('button.primary', null, text.publish);
  const reset = h('button', { type: 'button', onclick: onReset }, text.reset);
  const remove = h('button.danger', { type: 'button', hidden: edit.new, onclick: askRemove, onblur: () => sure(false) }, text.remove);
  const trial = trialPane({ onTry: (question) => watched(() => onTry(question)) });
  let isSure = false;
  let busy = false;

  function changed() {
    const same = sameForm(fields.read(), formOf(edit));
    publish.disabled = busy || same;
    reset.hidden = same || edit.new;
    trial.stale();
    done.hidden = true;
    fields.tell(new Map());
    tell('');
  }

  function tell(message) {
    trouble.hidden = !message;
    say(trouble, message);
    if (message) trouble.scrollIntoView({ block: 'nearest' });
  }

  /** Does what may be refused; remarks go beside their fields. */
  async function watched(act) {
    tell('');
    fields.tell(new Map());
    try {
      const made = await act();
      fields.tell(remarksByField(made?.warnings ?? [], fields.names), true);
      return made;
    } catch (refused) {
      if (!refused.remarks) {
        tell(refused.message);
        return null;
      }
      const found = remarksByField(refused.remarks, fields.names);
      tell(found.get('')?.join(' ') ?? text.mistakes(refused.remarks.length));
      fields.tell(found);
      return null;
    }
  }

  async function finish(act, saying) {
    busy = true;
    say(publish, saying);
    changed();
    await watched(act);
    busy = false;
    say(publish, text.publish);
    publish.disabled = sameForm(fields.read(), formOf(edit));
  }

  function submit(event) {
    event.preventDefault();
    if (!publish.disabled) finish(() => onPublish(note.value), text.publishing);
  }

  function askRemove() {
    if (isSure) finish(() => onRemove(note.value), text.publishing);
    else sure(true);
  }

  function sure(is) {
    isSure = is;
    say(remove, is ? text.removeSure : text.remove);
  }

  const node = h('div.editor', null,
    h('header.chat-top', null,
      h('button.quiet.back', { type: 'button', 'aria-label': text.back, onclick: onBack }, icon('back')),
      h('div.about', null, h('h2', null, edit.new ? text.new[edit.kind] : fields.title()), h('p.where', null, text.kind[edit.kind]))),
    h('div.work', null,
      fields.node,
      may && trial.node,
      trouble, done,
      may && h('form.publish', { onsubmit: submit },
        h('label', { for: 'note' }, text.note), note,
        h('div.acts', null, publish, reset, remove))));
  changed();
  return {
    node,
    read: fields.read,
    focus: fields.focus,
    preparing(progress) {
      if (busy && progress?.of) say(publish, text.preparing(progress.done, progress.of));
    },
    done({ version, warnings }) {
      say(done, text.published(version));
      done.hidden = false;
      done.scrollIntoView({ block: 'center' });
      fields.tell(remarksByField(warnings, fields.names), true);
    },
  };
}
