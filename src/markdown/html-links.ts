import type { Span } from '../text.ts';
import { type Edit, removal, type TakenOut } from './edits.ts';
import { type Attribute, elementsOf, type Markup, type Tag } from './inline.ts';

/** What happens to the addresses in the notes. */
export interface Policy {
  /** Whether readers must not see this destination. */
  readonly hides: (destination: string) => boolean;
  readonly resolve: (destination: string, view: 'blob' | 'raw') => string;
  /** Whether nothing is left of a line with this alone when what readers must not see goes. */
  readonly isPointer: (text: string) => boolean;
  readonly censor: (text: string, takenOut: TakenOut) => string;
}

/** The attributes with addresses, of the elements that GitHub shows. */
const addressed = new Map([
  ['a', ['href']],
  ['img', ['src', 'srcset']],
  ['source', ['src', 'srcset']],
  ['video', ['src', 'poster']],
  ['audio', ['src']],
]);

/** Resolves the addresses in HTML tags; a tag with a hidden one goes, but for the alt text of an image. */
export function htmlEdits(text: string, markup: readonly Markup[], policy: Policy): Edit[] {
  const edits: Edit[] = [];
  const paired = elementsOf(markup).filter(({ name }) => /^(?:a|video|audio)$/.test(name));
  const elements = new Map(paired.map((element) => [element.start, element]));
  for (const tag of markup) {
    if (tag.kind !== 'tag') continue;
    const names = addressed.get(tag.name);
    if (!names) continue;
    const addresses = names.flatMap((name) => addressesIn(text, attributeOf(tag, name)));
    const isHidden = addresses.some(({ start, end }) => policy.hides(text.slice(start, end)));
    if (isHidden) {
      const element = elements.get(tag.start);
      if (element) edits.push(removal(element.content.end, element.end));
      const alt = attributeOf(tag, 'alt')?.value;
      edits.push({
        start: tag.start,
        end: tag.end,
        text: alt ? text.slice(alt.start, alt.end) : '',
        takes: tag.name === 'a' ? 'links' : 'images',
      });
      continue;
    }
    const view = tag.name === 'a' ? 'blob' : 'raw';
    for (const { start, end } of addresses)
      edits.push({ start, end, text: policy.resolve(text.slice(start, end), view) });
  }
  return edits;
}

function attributeOf(tag: Tag, name: string): Attribute | undefined {
  return tag.attributes.find((attribute) => attribute.name === name);
}

/** The one address of an attribute, or those of `srcset="a.png, b.png 2x"`. */
function addressesIn(text: string, attribute: Attribute | undefined): Span[] {
  if (!attribute) return [];
  const { name, value } = attribute;
  const set = text.slice(value.start, value.end);
  // HTML knows no escapes: this is a Windows path.
  if (set.includes('\\')) return [];
  if (name !== 'srcset') return [value];
  // `data:` addresses hold commas.
  if (/data:/i.test(set)) return [];
  return [...set.matchAll(/(?<=^|,)\s*([^\s,]+)/g)].map(({ 0: found, 1: address = '', index }) => {
    const end = value.start + index + found.length;
    return { start: end - address.length, end };
  });
}
