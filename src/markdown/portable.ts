import { cleanText, type Span } from '../text.ts';
import { absoluteUrl, isRelative, type Origin } from './addresses.ts';
import { withoutComments, withoutSpans } from './comments.ts';
import { urlsOf } from './confidential.ts';
import {
  alertEdits,
  applyEdits,
  openerEdits,
  pointerEdits,
  removal,
  type TakenOut,
} from './edits.ts';
import { htmlEdits, type Policy } from './html-links.ts';
import { scanMarkup } from './inline.ts';
import { endsInCode } from './lines.ts';
import { findDefinitions, firstByLabel, type Link } from './links.ts';

/** Where notes come from. Customers can open nothing of a private or unknown repository. */
export interface PortableContext extends Origin {
  /** The whole text the notes were cut from: link definitions are looked up in it. */
  readonly source: string;
}

/**
 * Makes notes readable away from their repository; applying it twice changes nothing more.
 *
 * - Line breaks become `\n`; control characters but TAB, HTML comments outside code, and a comment
 *   at a line's start that is never closed go; unpaired surrogates become U+FFFD.
 * - References get the definitions they use; relative links and images become absolute; `> [!NOTE]`
 *   becomes `> **Note**`.
 * - In a private repository, or an unknown one, relative links and links into the repository become
 *   their text, images their alt text, and no URL of the repository remains, not even in code. Lines
 *   and list items that are empty without them go, and so does GitHub's line `Full Changelog`.
 *
 * Everything else stays as it is; so does code, with that one exception. Takes linear time.
 *
 * @param takenOut Is added what was taken out.
 */
export function makePortable(
  notes: string,
  context: PortableContext,
  takenOut: TakenOut = { links: 0, images: 0 },
): string {
  let portable = cleanText(notes);
  const policy = policyOf(context);
  const definitions = definitionsOf(context.source);
  // What was text can become markup when its surroundings go (`[~~~](a.md)`), hence the rounds.
  // Real notes are done after the first; the bound only ends long hostile ones.
  for (let round = 0; round < 10 || round * portable.length < mostWork; round++) {
    const rewritten = rewriteLinks(withoutComments(portable), { policy, definitions, takenOut });
    const next = policy.censor(rewritten, takenOut);
    if (next === portable) break;
    portable = next;
  }
  return portable;
}

const mostWork = 2_000_000;

function policyOf(context: PortableContext): Policy {
  const { repository } = context;
  if (repository && !repository.private) {
    return {
      hides: () => false,
      isPointer: () => false,
      resolve: (destination, view) =>
        isRelative(destination) ? absoluteUrl(destination, view, context) : destination,
      censor: (text) => text,
    };
  }
  const urls = repository && urlsOf(repository);
  return {
    hides: (destination) => isRelative(destination) || (urls?.areIn(destination) ?? false),
    resolve: (destination) => destination,
    isPointer: (text) => urls?.isPointer(text) ?? false,
    censor: (text, takenOut) => urls?.replaceIn(text, takenOut) ?? text,
  };
}

/** Reads the definitions of the source when the first is asked for. */
function definitionsOf(source: string) {
  let byLabel: ReturnType<typeof readSource> | undefined;
  return (label: string) => {
    byLabel ??= readSource(withoutComments(cleanText(source)));
    return byLabel.get(label);
  };
}

function readSource(source: string) {
  const oneLine = (from: number, to: number) =>
    source.slice(from, to).replace(/\u00A0|\n[ \t>]*/g, ' ');
  const found = [...firstByLabel(findDefinitions(source))];
  return new Map(
    found.map(([label, { start, destination, end }]) => {
      const before = oneLine(start, destination.start);
      const after = oneLine(destination.end, end);
      return [label, { before, destination: textOf(source, destination), after }] as const;
    }),
  );
}

interface Rules {
  readonly policy: Policy;
  readonly definitions: ReturnType<typeof definitionsOf>;
  readonly takenOut: TakenOut;
}

function rewriteLinks(text: string, { policy, definitions, takenOut }: Rules): string {
  const all = scanMarkup(text, (label) => definitions(label) !== undefined);
  const defined = all.filter((item) => item.kind === 'definition');
  const own = firstByLabel(defined);
  const markup = all.filter((item) => {
    if (item.kind !== 'link' || item.label === undefined) return true;
    if (own.has(item.label) || !isLabel(text, item)) return true;
    // `[ui]: new` is text, and so is a line such as `[ui]: newer` that defines it elsewhere.
    return /[/#]/.test(definitions(item.label)?.destination ?? '');
  });
  const destinationOf = ({ label = '', destination = own.get(label)?.destination }: Link) =>
    destination ? textOf(text, destination) : (definitions(label)?.destination ?? '');

  const code = markup.filter(({ kind }) => kind === 'code');
  const edits = [
    ...pointerEdits(text, code, policy.isPointer),
    ...htmlEdits(text, markup, policy),
    ...openerEdits(text, code),
    ...alertEdits(text, code),
  ];
  // What refers to a label decides how its destination is resolved.
  const views = new Map<string, 'blob' | 'raw'>();
  for (const item of markup) {
    if (item.kind === 'autolink' && policy.hides(text.slice(item.start + 1, item.end - 1))) {
      edits.push(removal(item.start, item.start + 1), removal(item.end - 1, item.end));
    }
    if (item.kind !== 'link') continue;
    const view = item.isImage ? 'raw' : 'blob';
    const destination = destinationOf(item);
    if (policy.hides(destination)) {
      edits.push(removal(item.start, item.text.start, item.isImage ? 'images' : 'links'));
      edits.push(removal(item.text.end, item.end));
    } else if (item.destination) {
      edits.push({ ...item.destination, text: policy.resolve(destination, view) });
    } else if (item.label !== undefined && views.get(item.label) !== 'raw') {
      views.set(item.label, view);
    }
  }
  for (const { destination, label } of defined) {
    const resolved = policy.resolve(textOf(text, destination), views.get(label) ?? 'blob');
    edits.push({ ...destination, text: resolved });
  }
  const missing = [...views].flatMap(([label, view]) => {
    const found = own.has(label) ? undefined : definitions(label);
    return found ? [found.before + policy.resolve(found.destination, view) + found.after] : [];
  });
  return withDefinitions(withoutHidden(applyEdits(text, edits, takenOut), policy), missing);
}

/** Whether a line begins with this alone and a colon, as a definition would. */
function isLabel(source: string, { start, end, text }: Link): boolean {
  if (source[end] !== ':' || text.start !== start + 1 || text.end !== end - 1) return false;
  const before = /(?:^|\n)[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)?$/;
  return before.test(source.slice(Math.max(0, start - 40), start));
}

const textOf = (text: string, { start, end }: Span) => text.slice(start, end);

function withoutHidden(text: string, policy: Policy): string {
  const hidden = findDefinitions(text).filter(({ destination }) =>
    policy.hides(textOf(text, destination)),
  );
  return hidden.length > 0 ? withoutSpans(text, hidden) : text;
}

function withDefinitions(text: string, added: readonly string[]): string {
  if (added.length === 0) return text;
  // An own definition counts wherever it is, so that the next round adds none.
  if (endsInCode(text)) return `${added.join('\n')}\n\n${text}`;
  const body = text.trimEnd();
  const endsWithDefinition = findDefinitions(body).at(-1)?.end === body.length;
  const lineBreak = text.endsWith('\n') ? '\n' : '';
  return body + (endsWithDefinition ? '\n' : '\n\n') + added.join('\n') + lineBreak;
}
