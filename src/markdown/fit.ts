import { byStart, percent } from '../text.ts';
import { cutsOf } from './cut.ts';
import { elementsOf, scanMarkup } from './inline.ts';
import { openFences, scanLines } from './lines.ts';
import { firstByLabel } from './links.ts';

/** Notes that keep to a limit. */
export interface FittedNotes {
  readonly text: string;
  /** What a reader misses, if anything. */
  readonly lost?: {
    /** The first line with words, without the marks before it; '' where none is. */
    readonly firstLine: string;
    /** The titles of the headings that are missing with all below them. */
    readonly titles: readonly string[];
  };
}

/** What notes have to fit into. */
export interface FitOptions {
  /** In UTF-16 code units. */
  readonly limit: number;
  /** Where the full notes can be read. */
  readonly link?: string | undefined;
}

/**
 * Makes notes keep to a limit. Those that do are returned as they are, with `\n` as line break.
 *
 * Longer ones first lose the link definitions that nothing refers to. Then they are cut: at the end
 * of a block, else of a line, a sentence, a word, a character as people see it; never within a link,
 * code span or HTML tag, and not right after a heading. Open fences and HTML elements are closed, the
 * definitions that the rest needs are kept, and a last line shows that something is missing: `…`, which
 * is the link to the full notes where there is one. It has no words, since notes have any language.
 *
 * With very small limits the link goes, then that line.
 */
export function fitNotes(notes: string, { limit, link }: FitOptions): FittedNotes {
  const full = notes.replace(/\r\n?/g, '\n');
  if (full.length <= limit) return { text: full };

  const draft = draftOf(full);
  const whole = compose(draft, draft.bodyEnd);
  if (whole.text.length <= limit) return { text: whole.text };

  // Some text must stay beside it.
  const closing = closingLines(link).find((line) => line.length <= limit * 0.75) ?? '';
  const attempt = (budget: number) => {
    const { text, end } = compose(draft, draft.cutWithin(budget));
    const parts = [text, closing].filter((part) => part !== '');
    return { text: parts.join('\n\n'), end };
  };
  let best = attempt(0);
  let low = 0;
  let high = closing === '' ? limit : limit - closing.length - 2;
  // Most often the first budget does. How long the definitions and closing tags are, that the kept
  // text needs, is only known with that text, hence the search.
  for (let budget = high; low < high; budget = Math.ceil((low + high) / 2)) {
    const fitted = attempt(budget);
    if (fitted.text.length > limit) high = budget - 1;
    else {
      best = fitted;
      low = budget;
    }
  }
  const { text, end } = best;
  const lost = draft.lines.filter(({ start, fence }) => start >= end && fence === undefined);
  const titles = lost.filter((line) => /^ {0,3}#{1,6}\s/.test(line.text));
  return {
    text,
    lost: {
      firstLine: firstWords(full.slice(end)),
      titles: titles.map((line) => line.text.replace(/^ *#+\s+/, '').trimEnd()),
    },
  };
}

/** The first line of a text that has words, without marks and white space around them. */
export function firstWords(text: string): string {
  const line = text.split('\n').find((each) => /[\p{L}\p{N}]/u.test(each)) ?? '';
  return line.replace(/^[\s#>*+-]+/, '').trimEnd();
}

/** The last lines that are possible, the best first. */
function closingLines(link: string | undefined): readonly string[] {
  const address = link?.replace(/[\s()<>]/g, percent);
  return address ? [`[…](${address})`, '…'] : ['…'];
}

type Draft = ReturnType<typeof draftOf>;

function draftOf(text: string) {
  const lines = scanLines(text);
  const markup = scanMarkup(text, () => false);
  const elements = elementsOf(markup);
  const definitions = markup.filter((item) => item.kind === 'definition');
  /** Where the link definitions begin that end the text. */
  let bodyEnd = text.length;
  for (const { start, end } of definitions.toReversed())
    if (text.slice(end, bodyEnd).trim() === '') bodyEnd = start;
  return {
    text,
    lines,
    bodyEnd,
    definitions: [...firstByLabel(definitions).values()].sort(byStart),
    references: markup.filter((item) => item.kind === 'link'),
    elements,
    cutWithin: cutsOf({ text, lines, markup, elements, end: bodyEnd }),
  };
}

function compose(draft: Draft, cut: number): { text: string; end: number } {
  const body = draft.text.slice(0, cut).trimEnd();
  const end = body.length;
  const parts = [body];
  const fence = closingFence(draft, body);
  if (fence) parts.push(`\n${fence}`);
  const open = draft.elements.filter((element) => element.start < end && end < element.end);
  if (open.length > 0)
    parts.push(
      `\n${open
        .map(({ name }) => `</${name}>`)
        .reverse()
        .join('')}`,
    );

  const kept = draft.references.filter((reference) => reference.end <= end);
  const labels = new Set(kept.map(({ label }) => label));
  const definitions = draft.definitions
    .filter(({ label, start }) => start >= end && labels.has(label))
    .map(({ start, end: definitionEnd }) => draft.text.slice(start, definitionEnd));
  if (definitions.length > 0) parts.push(`${end > 0 ? '\n\n' : ''}${definitions.join('\n')}`);
  return { text: parts.join(''), end };
}

/** The line that closes the fence which is open at the end of `body`. */
function closingFence({ lines }: Draft, body: string): string | undefined {
  const index = lines.findLastIndex(({ start }) => start < body.length);
  const line = lines[index];
  const fence = line?.fence;
  const isCut =
    fence && (body.length < line.end || lines[index + 1]?.fence?.openedAt === fence.openedAt);
  const unclosed = [...(isCut ? [fence] : []), ...openFences(body)];
  const outer = unclosed.sort((one, other) => one.openedAt - other.openedAt)[0];
  if (!outer) return undefined;
  const opening = lines[outer.openedAt]?.text ?? '';
  // Within a list item or quote, it has to stand there too.
  const container = opening.slice(0, opening.indexOf(outer.marker)).replace(/[^\s>]/g, ' ');
  return container + outer.marker.repeat(outer.length);
}
