import type { TranslatorConfigFactory } from 'node-html-markdown';
import { hasConditions, markdownFromAsciiDoc, withoutAsciiDocComments } from './asciidoc.ts';
import type { Format } from './format.ts';
import { formatting } from './html.ts';

/** Notes that were to become Markdown. */
interface Converted {
  readonly text: string;
  /** Whether a reader of Markdown can read them; what has no converter stays as it is written. */
  readonly isReadable: boolean;
  /** Whether parts of them depend on a condition, so that some may be left out. */
  readonly hasConditions?: boolean;
}

/** Length in UTF-16 code units above which notes stay as they are: the converters are not linear. */
const mostConverted = 50_000;

/** Lines that are longer than these, too. */
const longestLine = 5_000;

/** Thirty attributes that are each twice the one before have more than memory can hold. */
const isDoubling = (line: string) => line.startsWith(':') && line.split('{').length > 2;

/** HTML elements that are open at once. */
const deepest = 300;

/**
 * Turns notes in AsciiDoc, HTML or plain text into Markdown, and takes comments out of those in
 * reStructuredText. Markdown and what a Debian changelog has stay as they are, and so does Textile.
 * The converters are loaded when they are needed.
 *
 * @param whole The whole file that the notes were cut from.
 */
export async function toMarkdown(
  notes: string,
  { format, whole }: { readonly format: Format; readonly whole: string },
): Promise<Converted> {
  switch (format) {
    case 'AsciiDoc':
      if (!isConvertible(notes) || notes.split('\n').some(isDoubling))
        return { text: withoutAsciiDocComments(notes), isReadable: false };
      return {
        text: await markdownFromAsciiDoc(notes, whole),
        isReadable: true,
        hasConditions: hasConditions(notes),
      };
    case 'HTML':
      if (!isConvertible(notes) || depthOf(notes) > deepest)
        return { text: notes, isReadable: false };
      return { text: await markdownFromHtml(notes), isReadable: true };
    case 'reStructuredText':
      return { text: withoutRstComments(notes), isReadable: false };
    case 'plain text':
      return { text: markdownFromPlainText(notes), isReadable: true };
    case 'Textile':
      return { text: notes, isReadable: false };
    default:
      return { text: notes, isReadable: true };
  }
}

function isConvertible(notes: string): boolean {
  if (notes.length > mostConverted) return false;
  return notes.split('\n').every((line) => line.length <= longestLine);
}

/** What words are apart in, also within a link or a cell, which stay on their line. */
const blocks =
  'blockquote,br,dd,div,dl,dt,h1,h2,h3,h4,h5,h6,hr,li,ol,p,pre,summary,table,td,th,tr,ul';

async function markdownFromHtml(notes: string): Promise<string> {
  const { NodeHtmlMarkdown } = await import('node-html-markdown');
  const converter = new NodeHtmlMarkdown(
    {
      bulletMarker: '-',
      blockElements: ['DETAILS', 'LEGEND', 'SUMMARY'],
      // Those of the converter, and what would become a tag or a comment, or another character.
      globalEscape: [/[\\`*_~[\]]|<(?=[a-z/!?]|$)|&(?=#?\w+;)/gi, '\\$&'],
    },
    { pre: fencedCode },
  );
  const { aTagTranslators, tableTranslators, tableRowTranslators, tableCellTranslators } =
    converter;
  for (const oneLine of [aTagTranslators, tableCellTranslators])
    oneLine.set(blocks, { surroundingNewlines: 1 });
  // `<tr>` may be left out, so that a cell is right in the table.
  for (const around of [tableTranslators, tableRowTranslators]) {
    around.set('th,td', {
      surroundingNewlines: false,
      childTranslators: tableCellTranslators,
      prefix: ' ',
      postfix: ' |',
      // The converter's own escapes the first `|` alone.
      postprocess: ({ content }) => content.replaceAll('|', '\\|').replace(/\s+/g, ' ').trim(),
    });
  }
  return converter.translate(notes);
}

/** The converter itself makes a fence of `<pre>` only where it holds `<code>` and nothing else. */
const fencedCode: TranslatorConfigFactory = ({ node, visitor }) => {
  const common = { noEscape: true, preserveWhitespace: true };
  if (node.childNodes.length === 1 && node.firstChild.tagName === 'CODE') return common;
  const longest = Math.max(2, ...Array.from(node.text.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const { codeBlockTranslators: childTranslators } = visitor.instance;
  return { ...common, prefix: `${fence}\n`, postfix: `\n${fence}`, childTranslators };
};

// Their end tags may be left out, or they have none.
const unpaired = /^(?:area|br|col|dd|dt|hr|img|input|li|link|meta|option|p|source|td|th|tr|wbr)$/i;

function depthOf(html: string): number {
  let depth = 0;
  let most = 0;
  for (const [, slash, name = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)/gi)) {
    if (unpaired.test(name)) continue;
    depth = Math.max(0, depth + (slash === '' ? 1 : -1));
    most = Math.max(most, depth);
  }
  return most;
}

// `.. name::`, `.. _label:`, `.. |text| image::`, `.. [1] note` and `.. __: address` are none.
const comment = /^(\s*)\.\.(?!\s+(?:[_|[]|[\w:.+-]+::))(?:\s|$)/;

/** A comment of reStructuredText goes on while lines are indented more than it is. */
function withoutRstComments(notes: string): string {
  const kept: string[] = [];
  let indent = -1;
  let gap: string[] = [];
  for (const line of notes.split('\n')) {
    const isBlank = line.trim() === '';
    const own = /^\s*/.exec(line)?.[0].length ?? 0;
    if (indent >= 0 && isBlank) {
      gap.push(line);
      continue;
    }
    if (indent >= 0 && own <= indent) {
      // The blank lines behind it part what is around it.
      kept.push(...gap.slice(0, 1));
      indent = -1;
    }
    gap = [];
    if (indent >= 0) continue;
    if (comment.test(line)) indent = own;
    else kept.push(line);
  }
  return kept.join('\n');
}

// `*)` as in the changes of Apache, `o` as in those of GNU, `.` as in those of PHP, and what word processors put there.
const bullet = /^([ \t]*)(?:(?:\*\)|[o–—]|\.(?=[ \t]+[^a-z]))[ \t]+|[•·●○▪‣・･][ \t]*)(?=\S)/;
const marked = /^[ \t]*(?:[-+*]|\d{1,9}[.)])[ \t]/;

/** Begins like a sentence, an entry with a number, or one with a tag such as `[Fix]` or `avcodec/h264:`. */
const entry = /^(?:[\p{Lu}\p{Lo}\p{N}#[("'`@]|[\w./-]{1,40}:\s)/u;

/** `<name>`, which Markdown would take for a tag that no reader sees, unless it is formatting. */
const placeholder = /(?<!\\)<(?=\/?([a-z][\w-]*)[\s>/])/gi;

/**
 * Makes Markdown of plain text: its bullets become list marks, placeholders such as `<name>` stay to be
 * seen, and where lines of a paragraph are entries of their own, the line breaks before them stay. Idempotent.
 */
function markdownFromPlainText(notes: string): string {
  const lines = notes.split('\n').map((line) => {
    const text = line.trimEnd().replace(bullet, '$1* ');
    if (text.includes('`')) return text;
    return text.replace(placeholder, (start, name) =>
      formatting.test(name) ? start : `\\${start}`,
    );
  });
  let start = 0;
  for (let end = 0; end <= lines.length; end++) {
    const line = lines[end];
    if (line !== undefined && line !== '' && !marked.test(line)) continue;
    if (start === 0 || lines[start - 1] === '') {
      for (const at of entriesIn(lines.slice(start, end))) lines[start + at - 1] += '  ';
    }
    start = end + 1;
  }
  return lines.join('\n');
}

/**
 * The lines after the first of a paragraph that begin an entry: all without indentation, where most of them
 * look like one.
 */
function entriesIn(paragraph: readonly string[]): number[] {
  const heads = [...paragraph.keys()].filter((at) => !/^[ \t]/.test(paragraph[at] ?? ''));
  const alike = heads.filter((at) => entry.test(paragraph[at] ?? ''));
  return alike[0] === 0 && alike.length * 4 >= heads.length * 3 ? heads.slice(1) : [];
}
