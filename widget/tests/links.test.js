import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pieces, safeLink } from '../links.js';

test('http, https and paths on the site may be clicked', () => {
  assert.equal(safeLink('https://shop.example/tents?size=2#top'), 'https://shop.example/tents?size=2#top');
  assert.equal(safeLink('HTTP://shop.example'), 'http://shop.example/');
  assert.equal(safeLink('/products/ridge-2'), '/products/ridge-2');
});

test('everything else may not', () => {
  const refused = [
    'javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' javascript:alert(1)', 'java\nscript:alert(1)', 'data:text/html,x',
    'vbscript:x', 'blob:https://shop.example/x', 'file:///etc/passwd', 'mailto:a@shop.example', '//evil.example', '/\\evil.example',
    '/\t/evil.example', '/\n/evil.example', '\\\\evil.example', 'https://', 'https://shop.example@evil.example', 'http:evil.example',
    'products/ridge-2', '', null, undefined, 7, {},
  ];
  for (const link of refused) assert.equal(safeLink(link), null, String(link));
});

test('addresses in a text are found without what follows them', () => {
  const text = 'See https://shop.example/a, or (http://shop.example/b). javascript:alert(1)';
  const found = pieces(text);
  assert.deepEqual(found.filter(({ href }) => href).map(({ text }) => text), ['https://shop.example/a', 'http://shop.example/b']);
  assert.equal(found.map(({ text }) => text).join(''), text);
});

test('a text without addresses is one piece', () => {
  assert.deepEqual(pieces('<b>hi</b>'), [{ text: '<b>hi</b>' }]);
  assert.deepEqual(pieces(''), []);
});
