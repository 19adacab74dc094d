import { byStart, type Span } from '../text.ts';
import { divideBlocks } from './blocks.ts';
import { backtickRuns } from './html.ts';
import { scanLines } from './lines.ts';
import {
  type Definition,
  type IsDefined,
  type Link,
  lengthAt,
  type Opener,
  readDefinitions,
  readLink,
} from './links.ts';

/** Markup of the kinds that hold a link or that a cut would break. */
export type Markup = Code | Tag | Autolink | Link | Definition;

/** A line of a code block, or a code span. */
export interface Code extends Span {
  readonly kind: 'code';
}

/** A raw HTML tag. */
export interface Tag extends Span {
  readonly kind: 'tag';
  /** In lower case; that of a closing tag begins with `/`. */
  readonly name: string;
  readonly attributes: readonly Attribute[];
}

export interface Attribute {
  /** In lower case. */
  readonly name: string;
  /** The value without its quotes. */
  readonly value: Span;
}

/** `<https://example.com>`. */
interface Autolink extends Span {
  readonly kind: 'autolink';
}

/**
 * Finds code, HTML tags, autolinks, links, images and link definitions in linear time, by the rules
 * of CommonMark 0.31 (§4.7, §6.1, §6.3 to §6.6). Footnotes are none of these.
 *
 * @param text Markdown with `\n` as line break and without HTML comments.
 * @param isDefined Says whether a label is defined outside of `text`.
 * @returns The markup by its start. What lies inside a link's text follows the link.
 */
export function scanMarkup(text: string, isDefined: IsDefined): Markup[] {
  const blocks = divideBlocks(scanLines(text));
  const definitions: Definition[] = [];
  const bodies = blocks.inline.map((block) => readDefinitions(text, block, definitions));
  const labels = new Set(definitions.map(({ label }) => label));
  const found: Markup[] = [
    ...blocks.code.map(({ start, end }) => ({ kind: 'code' as const, start, end })),
    ...definitions,
    ...scanInline(text, bodies, (label) => labels.has(label) || isDefined(label)),
  ];
  return found.sort((one, other) => byStart(one, other) || other.end - one.end);
}

function scanInline(text: string, bodies: readonly Span[], isDefined: IsDefined): Markup[] {
  const special = /\\.|`+|<|!?\[|\]/gs;
  const found: Markup[] = [];
  let hit = special.exec(text);
  for (const { start, end: limit } of bodies) {
    const closingRun = backtickRuns(text, limit);
    const openers: Opener[] = [];
    // Openers below this height can only become images: links don't contain links (§6.3).
    let linkFloor = 0;
    if (hit && hit.index < start) {
      special.lastIndex = start;
      hit = special.exec(text);
    }
    for (; hit && hit.index < limit; hit = special.exec(text)) {
      const [token] = hit;
      const at = hit.index;
      let markup: Markup | undefined;
      if (token.startsWith('`')) {
        const closing = closingRun(at, token.length);
        if (closing !== undefined) markup = { kind: 'code', start: at, end: closing };
      } else if (token === '<') {
        markup = readAutolink(text, at) ?? readTag(text, at, limit);
      } else if (token.endsWith('[') && !token.startsWith('\\')) {
        openers.push({ start: at, inner: at + token.length, isImage: token.startsWith('!') });
      } else if (token === ']') {
        const opener = openers.pop();
        if (opener && (opener.isImage || openers.length >= linkFloor))
          markup = readLink(text, { opener, close: at, limit, isDefined });
        linkFloor =
          markup && !opener?.isImage ? openers.length : Math.min(linkFloor, openers.length);
      }
      if (!markup) continue;
      found.push(markup);
      special.lastIndex = markup.end;
    }
  }
  return found;
}

const autolink = /<[a-z][a-z0-9+.-]{1,31}:[^\s<>]*>/iy;

function readAutolink(text: string, start: number): Autolink | undefined {
  const length = lengthAt(autolink, text, start);
  return length > 0 ? { kind: 'autolink', start, end: start + length } : undefined;
}

const tagName = /<(\/?[a-z][a-z0-9-]*)/iy;
const attribute = /\s+([a-z_:][\w.:-]*)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+))?/iy;
const tagEnd = /\s*\/?>/y;

function readTag(text: string, start: number, limit: number): Tag | undefined {
  tagName.lastIndex = start;
  const name = tagName.exec(text)?.[1]?.toLowerCase();
  if (name === undefined) return undefined;
  const attributes: Attribute[] = [];
  let at = tagName.lastIndex;
  attribute.lastIndex = at;
  for (let found = attribute.exec(text); found; found = attribute.exec(text)) {
    at = attribute.lastIndex;
    const [, attributeName = '', value = ''] = found;
    const quote = value.startsWith('"') || value.startsWith("'") ? 1 : 0;
    const span = { start: at - value.length + quote, end: at - quote };
    attributes.push({ name: attributeName.toLowerCase(), value: span });
  }
  const end = at + lengthAt(tagEnd, text, at);
  if (name.startsWith('/') && attributes.length > 0) return undefined;
  return end > at && end <= limit ? { kind: 'tag', name, attributes, start, end } : undefined;
}

/** An HTML element, tags included; a `<details>` that is never closed has no end. */
export interface Element extends Span {
  readonly name: string;
  /** What is between its tags. */
  readonly content: Span;
}

/** Pairs the opening tags with their closing ones. */
export function elementsOf(markup: readonly Markup[]): Element[] {
  const elements: Element[] = [];
  const open = new Map<string, Span[]>();
  for (const item of markup) {
    if (item.kind !== 'tag') continue;
    const name = item.name.replace('/', '');
    const tags = open.get(name) ?? [];
    open.set(name, tags);
    if (item.name === name) tags.push(item);
    else {
      const opening = tags.pop();
      const content = { start: opening?.end ?? 0, end: item.start };
      if (opening) elements.push({ name, start: opening.start, content, end: item.end });
    }
  }
  for (const { start, end } of open.get('details') ?? []) {
    const content = { start: end, end: Infinity };
    elements.push({ name: 'details', start, content, end: Infinity });
  }
  return elements.sort(byStart);
}
