// What notes have to become, worked out on the trees of micromark, GitHub's own parser, with rules for
// addresses of its own. Shared by the witness test and scripts/witness.mjs.
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';
import { excludeSections } from '../../src/markdown/exclude.ts';
import { fitNotes } from '../../src/markdown/fit.ts';
import { makePortable } from '../../src/markdown/index.ts';

type Root = ReturnType<typeof fromMarkdown>;
type Nodes = Root | Root['children'][number];
type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

const home = 'https://github.com/acme/widget';
const place = { ref: 'v1.2.3', path: 'docs/CHANGES.md' };

/** What is wrong with notes made portable, in a word or two each. */
export function portableDeviations(notes: string, source: string): string[] {
  const found: string[] = [];
  const render = renderer();
  const given = render(withDefinitions(notes, source));
  for (const isPrivate of [false, true]) {
    const repository = { serverUrl: 'https://github.com', name: 'acme/widget', private: isPrivate };
    const context = { source, repository, ...place };
    const portable = makePortable(notes, context);
    const shown = render(withDefinitions(portable, ''));
    const read = isPrivate ? visible : serialize;
    const kind = isPrivate ? 'private' : 'public';
    if (read(given.tree, isPrivate ? hidden : absolute) !== read(shown.tree, same))
      found.push(kind);
    if (shown.html.includes('<!--')) found.push(`comment in ${kind}`);
    if (isPrivate && portable.toLowerCase().includes('github.com/acme/widget'))
      found.push('address in private');
    if (portable !== notes && makePortable(portable, context) !== portable)
      found.push(`twice ${kind}`);
  }
  return found;
}

/** Whether what is kept of notes that are cut is a prefix of their blocks. */
export function keepsPrefix(notes: string, limit: number): boolean {
  const { text, lost } = fitNotes(notes, { limit });
  if (text.length > limit) return false;
  if (!lost) return true;
  const full = blocksOf(notes);
  const kept = blocksOf(text);
  if (kept.pop()?.text !== '…') return false;
  const last = kept.pop();
  const isPrefix = kept.every((block, index) => block.html === full[index]?.html);
  return (
    isPrefix && (last === undefined || (full[kept.length]?.text.startsWith(last.text) ?? false))
  );
}

/** Whether exactly the section with this title goes, as the tree has it. */
export function dropsSection(notes: string, title: string): boolean {
  const shown = excludeSections(notes, [title]);
  const kept: string[] = [];
  let level = 0;
  for (const { html, depth, text } of blocksOf(notes)) {
    if (depth > 0 && depth <= level) level = 0;
    if (depth > 0 && level === 0 && text === title) level = depth;
    if (level === 0) kept.push(html);
  }
  const definitions = [...definitionsIn(notes).values()].join('\n');
  return (
    kept.join('\n') ===
    blocksOf(`${definitions}\n\n${shown}`)
      .map(({ html }) => html)
      .join('\n')
  );
}

/** The titles of the headings at the top level. */
export function titlesIn(notes: string): string[] {
  return blocksOf(notes).flatMap(({ depth, text }) => (depth > 0 && text !== '' ? [text] : []));
}

/**
 * Notes with a definition in front for each label that only their source defines, and a paragraph:
 * right behind definitions, micromark 4.0.3 joins the lines of code in its HTML.
 */
function withDefinitions(notes: string, source: string): string {
  const own = definitionsIn(notes);
  const missing = [...definitionsIn(source)].filter(([label]) => !own.has(label));
  return [...missing.map(([, definition]) => definition), '', '¶', '', notes].join('\n');
}

const known = new Map<string, ReadonlyMap<string, string>>();

/** The definitions of a text by their labels, each in one line. Sources are read once. */
function definitionsIn(text: string): ReadonlyMap<string, string> {
  const read = new Map(known.get(text));
  if (known.has(text) || !text.includes(']:')) return read;
  const visit = (node: Nodes) => {
    if (node.type === 'definition' && !read.has(node.identifier)) {
      const { start, end } = node.position ?? {};
      read.set(
        node.identifier,
        text.slice(start?.offset, end?.offset).replace(/\s*\n[ \t>]*/g, ' '),
      );
    }
    if ('children' in node) node.children.forEach(visit);
  };
  visit(parse(text));
  known.set(text, read);
  return read;
}

interface Block {
  /** What it is, without where. */
  readonly html: string;
  /** 1 to 6 for a heading; 0 for everything else. */
  readonly depth: number;
  readonly text: string;
}

function blocksOf(text: string): Block[] {
  const blocks = parse(text).children.filter(({ type }) => type !== 'definition');
  return blocks.map((node) => {
    const html = JSON.stringify(node, (key, value) => (key === 'position' ? undefined : value));
    const tag = node.type === 'html' ? /^<h([1-6])[\s>]/i.exec(node.value)?.[1] : undefined;
    const depth = node.type === 'heading' ? node.depth : Number(tag ?? 0);
    return { html, depth, text: textOf(node).trim() };
  });
}

function textOf(node: Nodes): string {
  if ('value' in node) return node.value;
  if ('children' in node) return node.children.map(textOf).join('');
  return 'alt' in node ? (node.alt ?? '') : '';
}

const syntax = { extensions: [gfm()] };
const htmlExtensions = [gfmHtml()];
const mdastExtensions = gfmFromMarkdown();

function parse(text: string): Root {
  return fromMarkdown(text, { ...syntax, mdastExtensions });
}

/** Gives what texts are rendered to; the same text is rendered once. */
function renderer(): (text: string) => { readonly html: string; readonly tree: readonly Node[] } {
  const known = new Map<string, { html: string; tree: Node[] }>();
  return (text) => {
    const found = known.get(text);
    if (found) return found;
    const html = micromark(text, {
      ...syntax,
      htmlExtensions,
      allowDangerousHtml: true,
      allowDangerousProtocol: true,
    });
    const rendered = { html, tree: parseFragment(html).childNodes };
    known.set(text, rendered);
    return rendered;
  };
}

type AddressRule = (address: string, view: 'blob' | 'raw') => string | undefined;

const same: AddressRule = (address) => address;
const hidden: AddressRule = (address) => (isRelative(address) ? undefined : address);

const absolute: AddressRule = (address, view) => {
  if (!isRelative(address) || address === '') return address;
  const [, file = '', tail = ''] = /^([^?#]*)(.*)$/s.exec(address) ?? [];
  const parts = file.startsWith('/') ? [] : ['docs'];
  for (const part of file === '' ? ['CHANGES.md'] : file.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  if (parts.length === 0) return `${home}/tree/v1.2.3${tail}`;
  return `${home}/${view}/v1.2.3/${parts.join('/')}${/\/\.{0,2}$/.test(file) ? '/' : ''}${tail}`;
};

/** Anchors of footnotes are the renderer's. */
function isRelative(address: string): boolean {
  return !/^(?:[a-z][a-z0-9+.-]*:|\/\/|www\.|github\.com\/|#user-content-fn)|\\|%5C/i.test(address);
}

const addressed = new Map([
  ['a', ['href']],
  ['img', ['src', 'srcset']],
  ['source', ['src', 'srcset']],
  ['video', ['src', 'poster']],
  ['audio', ['src']],
]);

/** Addresses may be encoded more than they have to be. */
function comparable(address: string): string {
  return address.replace(/%28/g, '(').replace(/%29/g, ')').replace(/%20/g, ' ');
}

const inlineElements = /^(?:a|b|code|del|em|i|img|input|kbd|s|span|strong|sub|sup)$/;

/** The tree as a text: without comments, and without space that no reader sees. */
function serialize(nodes: readonly Node[], rule: AddressRule): string {
  const parts = nodes.map((node) => {
    if ('value' in node) return node.value.replace(/\s+/g, ' ');
    if (!isElement(node)) return '';
    const { tagName } = node;
    const attributes = node.attrs.map(({ name, value }) => {
      const isAddress = addressed.get(tagName)?.includes(name);
      const given = isAddress ? rule(value, tagName === 'a' ? 'blob' : 'raw') : value;
      return ` ${name}="${comparable(given ?? '')}"`;
    });
    const isPreformatted = /^(?:pre|script|style|textarea)$/.test(tagName);
    const content = isPreformatted ? textIn(node.childNodes) : serialize(node.childNodes, rule);
    const space = inlineElements.test(tagName) ? '' : '\n';
    return `${space}<${tagName}${attributes.sort().join('')}>${content}</${tagName}>${space}`;
  });
  return parts
    .join('')
    .replace(/ *\n[ \n]*/g, '\n')
    .replace(/ +/g, ' ')
    .trim();
}

/** What a reader sees, without white space: hidden images give their alt text. */
function visible(nodes: readonly Node[], rule: AddressRule): string {
  const parts = nodes.map((node) => {
    if ('value' in node) return node.value;
    if (!isElement(node)) return '';
    if (node.tagName !== 'img') return visible(node.childNodes, rule);
    const attribute = (wanted: string) => node.attrs.find(({ name }) => name === wanted)?.value;
    const source = attribute('src');
    const isShown = source === undefined || rule(source, 'raw') !== undefined;
    return isShown ? '(image)' : (attribute('alt') ?? '');
  });
  return parts.join('').replace(/\s+/g, '');
}

function textIn(nodes: readonly Node[]): string {
  return nodes
    .map((node) => ('value' in node ? node.value : isElement(node) ? textIn(node.childNodes) : ''))
    .join('');
}

function isElement(node: Node): node is Element {
  return 'tagName' in node;
}
