import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

/** What is served: the files of both folders themselves, not their tests and fixtures. */
const served = ['../', '../../console/'].flatMap((folder) => {
  const here = new URL(folder, import.meta.url);
  return readdirSync(here).filter((name) => /\.(js|html|css)$/.test(name)).map((name) => [folder + name, readFileSync(new URL(name, here), 'utf8')]);
});

test('data never becomes markup or code', () => {
  const doors = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|createContextualFragment|srcdoc|postMessage/;
  for (const [name, text] of served) assert.doesNotMatch(text, doors, name);
});

test('pages hold under a policy without inline scripts and styles', () => {
  for (const [name, text] of served.filter(([name]) => name.endsWith('.html'))) {
    assert.doesNotMatch(text, /<style|\sstyle=|\son\w+=|javascript:/i, name);
    assert.doesNotMatch(text, /<script(?![^>]*\ssrc=)/i, name);
  }
});

test('nothing is fetched from anyone else, and no cookie is set', () => {
  for (const [name, text] of served) {
    assert.doesNotMatch(text, /@import|@font-face|document\.cookie/, name);
    const elsewhere = text.match(/https?:\/\/(?!www\.w3\.org|here\.invalid|HOST)[\w.-]+/g) ?? [];
    assert.deepEqual(elsewhere, [], name);
  }
});
