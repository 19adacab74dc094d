import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { scanLines } from '../../src/markdown/lines.ts';

/** One letter a line: f in a fence, c where a comment goes on, - otherwise. */
function kinds(text: string): string {
  return scanLines(text)
    .map((line) => (line.fence ? 'f' : line.inComment ? 'c' : '-'))
    .join('');
}

function comments(text: string): string[] {
  return scanLines(text).flatMap((line) =>
    line.comments.map(({ start, end }) => text.slice(start, end)),
  );
}

describe('lines', () => {
  test('end at \\n, \\r\\n and a lone \\r', () => {
    expect(scanLines('a\nb\r\nc\rd\r\r\ne').map((line) => line.text)).toEqual([
      'a',
      'b',
      'c',
      'd',
      '',
      'e',
    ]);
  });

  test.each(['pre', 'PRE', 'textarea'])('show what is in <%s> as it stands', (tag) => {
    expect(scanLines(`<${tag}>\n# 1.2.3\n</${tag}>`)[1]?.raw).toBeDefined();
  });

  test('are the same without code and comments as by the closer look', () => {
    const piece = fc.constantFrom(
      '\n',
      '\n\n',
      ' ',
      '`',
      '- ',
      '    ',
      '<b>',
      '-->',
      '\u2028',
      'a',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        // Another line break at the end asks for the closer look and adds a line.
        expect([...scanLines(text), expect.anything()]).toEqual(scanLines(`${text}\r`));
      }),
    );
  });

  test('an empty text has one line, a last line break adds one', () => {
    expect(scanLines('')).toHaveLength(1);
    expect(scanLines('a\r\n').map((line) => line.text)).toEqual(['a', '']);
  });

  test('other Unicode breaks are no line ends', () => {
    expect(scanLines('a\u2028b\vc\fd')).toHaveLength(1);
  });

  test('offsets cut the same text out of the source, and lines with their ends make it up', () => {
    const piece = fc.constantFrom(
      'a',
      '`',
      '```',
      '~~~',
      '<!--',
      '-->',
      '\n',
      '\r',
      '\r\n',
      ' ',
      '- ',
      '> ',
      '\t',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        const lines = scanLines(text);
        let at = 0;
        for (const line of lines) {
          expect(text.slice(line.start, line.end)).toBe(line.text);
          expect(['', '\n', '\r', '\r\n']).toContain(text.slice(at, line.start));
          for (const comment of line.comments) {
            expect(comment.start).toBeGreaterThanOrEqual(line.start);
            expect(comment.end).toBeLessThanOrEqual(line.end);
            expect(comment.end).toBeGreaterThanOrEqual(comment.start);
          }
          at = line.end;
        }
        expect(at).toBe(text.length);
      }),
    );
  });
});

describe('fences', () => {
  test.each([
    ['backticks', '```js\nx\n```\ny', 'fff-'],
    ['tildes', '~~~\nx\n~~~\ny', 'fff-'],
    ['a longer closer', '```\nx\n`````\ny', 'fff-'],
    ['a shorter run stays inside', '````\n```\nx\n````\ny', 'ffff-'],
    ['the other character stays inside', '~~~\n```\n~~~\ny', 'fff-'],
    ['a closer has no info string', '```\n``` js\n```\ny', 'fff-'],
    ['backticks in the info string make a code span', '``` a ` b\nx\n```\ny\n```', '--fff'],
    ['tildes allow backticks in theirs', '~~~ a`b\nx\n~~~\ny', 'fff-'],
    ['three spaces are still a fence', '   ```\nx\n  ```\ny', 'fff-'],
    ['four are code', '    ```\nx\n```\ny\n```', '--fff'],
    ['a closer that is indented by four closes nothing', '```\n    ```\n```\ny', 'fff-'],
    ['in a list item', '- a\n\n  ```\n  x\n  ```\ny', '--fff-'],
    ['in a wide list item', '10. a\n\n    ```\n    x\n    ```\ny', '--fff-'],
    ['in a nested list item', '- a\n  - b\n    ```\n    x\n    ```\ny', '--fff-'],
    ['right behind a list marker', '- ```\n  x\n  ```\ny', 'fff-'],
    ['ends with its list item', '- ```\n  x\n\ny\n```\nz\n```', 'fff-fff'],
    ['in a block quote', '> ```\n> x\n> ```\ny', 'fff-'],
    ['ends with its block quote', '> ```\n> x\ny\n> ```\n> ```', 'ff-ff'],
    ['CRLF', '```\r\nx\r\n```\r\ny', 'fff-'],
    ['two in a row', '```\n```\n```\n```\ny', 'ffff-'],
    ['without a closing line it is text', '```\nx\ny', '---'],
    ['a shorter run does not close it either', '````\nx\n```', '---'],
  ])('%s', (_, text, expected) => {
    expect(kinds(text)).toBe(expected);
  });

  test('tell their marker, length and opening line', () => {
    const [, , inside] = scanLines('a\n~~~~\nb\n~~~~');
    expect(inside?.fence).toEqual({ marker: '~', length: 4, openedAt: 1 });
  });
});

describe('comments', () => {
  test.each([
    ['over several lines', '<!-- a\nb\nc -->\nd', '-cc-'],
    ['a fence in a comment is none', '<!--\n```\n-->\ny\n```', '-cc--'],
    ['a comment in a fence is none', '```\n<!--\n```\ny', 'fff-'],
    ['in a code span it is code', 'use `<!--` here\nb\n-->', '---'],
    ['in a code span of two backticks', '`` ` <!-- `` a\nb\n-->', '---'],
    ['after a code span it counts', '`a` <!-- b\nc -->\nd', '-c-'],
    ['a backtick without a partner makes no code', 'a ` <!-- b\nc -->', '-c'],
    ['after a backslash it is text', 'a \\<!-- b\nc -->', '--'],
    ['without an end it is text', '<!-- a\nb', '--'],
    ['one at the start of a line spans blank lines', '<!-- a\n\nb -->\nc', '-cc-'],
    ['in a list item too', '- <!-- a\n\n  b -->\nc', '-cc-'],
    ['one within a paragraph ends with it', 'about <!-- a\n\nb\n-->', '----'],
    ['a blank line after CRLF ends it too', 'about <!-- a\r\n\r\nb -->', '---'],
  ])('%s', (_, text, expected) => {
    expect(kinds(text)).toBe(expected);
  });

  test('a blank line within one has an empty part of it', () => {
    expect(comments('<!-- a\n\nb -->')).toEqual(['<!-- a', '', 'b -->']);
  });

  test('several in a line, and what is left of a longer one', () => {
    expect(comments('<!--a--> b <!--c--> <!--d\ne--> f <!-->g<!--h-->')).toEqual([
      '<!--a-->',
      '<!--c-->',
      '<!--d',
      'e-->',
      '<!-->',
      '<!--h-->',
    ]);
  });
});
