import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parseSync } from '@swc/core';

/** What users do not read: the common word instead, and an example of what is out. */
const wordsOut: readonly (readonly [out: RegExp, instead: string, example: string])[] = [
  [/\bcan not\b/i, 'cannot', 'The file can not be read.'],
  [/\b(?:the|this|a) release API\b/i, 'Cryptlex', 'The release API refused it.'],
  [/\bcase counts\b/i, 'case-sensitive', 'match-channel (case counts)'],
  [/\blook(?:s|ed|ing)?(?:[- ]| it )ups?\b/i, 'search', 'Narrow the look-up.'],
  [/\blook(?:s|ed|ing)? (?:at|for)\b|\ba look\b/i, 'read, search', 'No release was looked at.'],
  [/\b(?:run|runs|running|ran) out\b/i, 'expire', 'The token runs out.'],
  [
    /\b(?:make|makes|making|made) (?:(?:a|an|the|one|another|new|personal|access) )*(?:token|release|tag)s?\b/i,
    'create',
    'Make a new access token.',
  ],
  [/\bmake (?:a new )?one\b/i, 'create', 'expires soon: make a new one'],
  [
    /\b(?:server|API|Cryptlex|action|step|input|option|command|list|pattern|build|strip)s? (?:take|takes|took)\b/i,
    'accept, use',
    'The server took the update.',
  ],
  [
    /\b(?:is|are|was|were|be) (?:not )?taken\b(?! from| precedence)/i,
    'accept, use',
    'it is not taken',
  ],
  [/\bmalformed\b|\bill-formed\b/i, 'invalid', 'An input is malformed.'],
  [/\brehears\w*/i, 'dry run', 'Pull requests rehearse.'],
  [/\bsub-section/i, 'subsection', 'a sub-section'],
  [/\b(?:hold|holds|held)\b/i, 'contain, have', 'The tag holds no version.'],
  [/\bfires?\b/i, 'trigger', 'It fires the webhook.'],
  [/\bsettle[sd]?\b/i, 'decide', 'Settle which values are right.'],
  [/\ball the same\b/i, 'anyway', 'It sends the change all the same.'],
  [
    /(?<!there )\b(?:is|are) no(?:ne of)? (?:an? )?(?:tag|token|URL|version)\b/i,
    'is not a',
    'It is no tag.',
  ],
  [/[^-\d.]\b1 (?:characters|bytes|releases|links|images)\b/, 'singular', 'notes: 1 characters'],
];

interface Words {
  /** `file:line`. */
  readonly at: string;
  readonly text: string;
}

const root = fileURLToPath(new URL('..', import.meta.url));

/** The pages that users read, line by line. */
function readPages(): readonly Words[] {
  const pages = ['action.yml', 'README.md', 'SECURITY.md', 'CHANGELOG.md'];
  const files = [...pages, ...list('docs', /\.md$/), ...list('examples', /./)];
  return files.flatMap((file) =>
    read(file)
      .split('\n')
      .map((text, index) => ({ at: `${file}:${index + 1}`, text })),
  );
}

/** The texts in the code: all of them, since any of them may reach the log. Comments are left out. */
function readMessages(): readonly Words[] {
  const files = [...list('src', /\.ts$/), 'scripts/demo.mjs'];
  return files.flatMap((file) => stringsOf(file, read(file)));
}

function stringsOf(file: string, code: string): readonly Words[] {
  // swc counts bytes, on and on from file to file: a first statement says where this one begins.
  const marked = Buffer.from(`0;${code}`);
  const syntax = file.endsWith('.ts') ? 'typescript' : 'ecmascript';
  const { body } = parseSync(marked.toString(), { syntax, target: 'es2024' });
  const from = body[0]?.span.start ?? 0;
  const found: Words[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { type, value, cooked, span } = node as Record<string, unknown>;
    const text = type === 'StringLiteral' ? value : type === 'TemplateElement' ? cooked : undefined;
    if (typeof text === 'string') {
      const before = marked.subarray(0, (span as { start: number }).start - from).toString();
      found.push({ at: `${file}:${before.split('\n').length}`, text });
    }
    for (const child of Object.values(node)) visit(child);
  };
  visit(body);
  return found;
}

function list(folder: string, name: RegExp): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name).slice(root.length));
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

describe('words that users read', () => {
  test.each(wordsOut)('%s is known by its example', (out, _, example) => {
    expect(example).toMatch(out);
  });

  test('are found where they are', () => {
    const code = "/** can not */\nconst a = 'Ä';\n\nconst b = `The ${a} can not be`;\n";
    expect(stringsOf('x.ts', code)).toContainEqual({ at: 'x.ts:4', text: ' can not be' });
    expect(stringsOf('x.ts', code)).toHaveLength(3);
  });

  test('are the common ones', () => {
    const texts = [...readPages(), ...readMessages()];
    expect(texts.length).toBeGreaterThan(1000);
    const wrong = texts.flatMap(({ at, text }) =>
      wordsOut
        .filter(([out]) => out.test(text))
        .map(([, instead]) => `${at}: ${text.trim()} → ${instead}`),
    );
    expect(wrong).toEqual([]);
  });
});
