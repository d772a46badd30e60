import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compared } from '../diff.js';
import { blank, editOf, formOf, idOf, remarksByField } from '../edits.js';
import { pageName, parts, whole } from '../page-text.js';

const marked = (list) => list.map(({ text, differs }) => (differs ? `[${text.trim()}]` : text.trim())).join(' ');

test('the words that differ are marked on both sides, and nothing is lost', () => {
  const [before, after] = ['The Ridge 2 Tent costs €249.00.', 'The Ridge 2 Tent costs €259.00 now.'];
  const [a, b] = compared(before, after);
  assert.equal(marked(a), 'The Ridge 2 Tent costs [€249.00.]');
  assert.equal(marked(b), 'The Ridge 2 Tent costs [€259.00 now.]');
  assert.equal(a.map(({ text }) => text).join(''), before);
  assert.equal(b.map(({ text }) => text).join(''), after);
});

test('equal, empty and very long texts are compared too', () => {
  assert.deepEqual(compared('a b', 'a b'), [[{ text: 'a b', differs: false }], [{ text: 'a b', differs: false }]]);
  assert.deepEqual(compared('', 'a'), [[], [{ text: 'a', differs: true }]]);
  const long = 'word '.repeat(500);
  assert.deepEqual(compared(long, `${long}x`)[1], [{ text: `${long}x`, differs: true }]);
});

test('a page is a title, a link and a text, and comes back whole', () => {
  const text = '---\ntitle: Returns: how\ndraft: no\nlink: https://a.example/b\n---\n\n## How long\n\n---\nThirty days.\n';
  const page = parts(text);
  assert.deepEqual([page.title, page.link, page.rest], ['Returns: how', 'https://a.example/b', ['draft: no']]);
  assert.equal(page.body, '## How long\n\n---\nThirty days.\n');
  assert.deepEqual(parts(whole(page)), page);
  assert.deepEqual(parts('# No front\n---\nx'), { title: '', link: '', rest: [], body: '# No front\n---\nx' });
  assert.equal(whole(parts('# No front')), '# No front');
  assert.equal(parts(whole({ title: '"A"', link: '', rest: [], body: '' })).title, '"A"');
  assert.equal(parts('---\n---\nText').body, 'Text');
});

test('a new page is called by its title', () => {
  assert.equal(pageName('Opening hours & Café'), 'pages/opening-hours-cafe.md');
});

test('an edit fills a form and comes back from it', () => {
  const product = { kind: 'product', fields: [{ name: 'id', value: 'A-1' }, { name: 'title', value: 'Tent' }, { name: 'brand', value: 'Corrie' }], new: false };
  const form = formOf(product);
  assert.equal(form.values.title, 'Tent');
  assert.deepEqual(form.rows, [{ name: 'brand', value: 'Corrie' }]);
  assert.deepEqual(editOf(product, form), product);
  assert.equal(idOf(product), 'A-1');
  const dearer = editOf(product, { ...form, values: { ...form.values, price: '9 EUR' } });
  assert.deepEqual(dearer.fields[2], { name: 'price', value: '9 EUR' });
  const faq = { kind: 'faq', was: 'Open?', question: 'Open?', answer: 'Yes.', link: null };
  assert.deepEqual(editOf(faq, formOf(faq)), faq);
  const page = blank.page();
  assert.deepEqual(editOf(page, { values: { title: 'Gift wrap', link: '', text: 'Free.' }, rows: [], rest: [] }),
    { kind: 'page', id: 'pages/gift-wrap.md', text: '---\ntitle: Gift wrap\n---\n\nFree.', new: true });
  assert.equal(idOf(page), null);
});

test('remarks stand beside their field; those of none stand together', () => {
  const remarks = [{ field: 'price', message: 'no' }, { field: 'cost', message: 'left out' }, { message: 'odd' }];
  const found = remarksByField(remarks, ['id', 'price']);
  assert.deepEqual([...found], [['price', ['no']], ['', ['cost: left out', 'odd']]]);
  assert.deepEqual([...remarksByField([{ field: 'id', message: 'taken' }], ['title', 'text'])], [['title', ['taken']]]);
});
