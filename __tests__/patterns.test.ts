import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseSync } from '@swc/core';
import { check } from 'recheck';

// No text can make a regular expression of the action slow: recheck looks at each of them.

/** Patterns that take more than linear time, and what bounds the texts that they see. */
const bounded: Readonly<Record<string, string>> = {
  '\\]\\(#|^<.*href=["\']?[^"\'\\s>]*#': 'a heading, of which 360 characters are looked at',
  '\\d+(?:\\.\\d+)+': 'a word of up to 100 characters',
  '\\.?0+$': 'a timestamp, of which 40 characters are looked at',
};

interface Pattern {
  readonly file: string;
  readonly source: string;
  readonly flags: string;
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
);
const patterns = files.flatMap((name): Pattern[] => {
  const text = readFileSync(join('src', name), 'utf8');
  const { body } = parseSync(text, { syntax: 'typescript', target: 'es2022' });
  return literalsIn(body).map((literal) => ({ file: name, ...literal }));
});

/** The regular expressions in a part of a syntax tree. */
function literalsIn(node: unknown): Omit<Pattern, 'file'>[] {
  if (typeof node !== 'object' || node === null) return [];
  const { type, pattern, flags } = node as Readonly<Record<string, unknown>>;
  if (type === 'RegExpLiteral') return [{ source: String(pattern), flags: String(flags) }];
  return Object.values(node).flatMap(literalsIn);
}

test('the patterns are found, and none has the flag v, which recheck can not read', () => {
  expect(patterns.length).toBeGreaterThan(150);
  expect(patterns.filter(({ flags }) => flags.includes('v'))).toEqual([]);
});

test('each takes linear time, or sees bounded texts alone', async () => {
  const found: string[] = [];
  // By the steps that a match takes: milliseconds are more on a busy machine.
  const steps = { attackTimeout: null, incubationTimeout: null };
  for (const { file, source, flags } of patterns) {
    const { status } = await check(source, flags, { ...steps, timeout: 60_000 });
    if (status !== 'safe') found.push(source in bounded ? source : `${file}: /${source}/${flags}`);
  }
  expect([...new Set(found)].sort()).toEqual(Object.keys(bounded).sort());
}, 600_000);
