/** What git takes for the first line of a signature. Source: git, gpg-interface.c. */
const signatureKinds = ['PGP SIGNATURE', 'PGP MESSAGE', 'SSH SIGNATURE', 'SIGNED MESSAGE'];

/** Words that say no more about a release than its tag does. */
const emptyWords = ['release', 'version', 'tag', 'v'];

/**
 * The message of an annotated tag as its author wrote it, without the signature below it.
 * @returns undefined when it is blank or has no word but those of the tag (`Release v1.2.3`)
 */
export function ownMessage(message: string, tag: string): string | undefined {
  const text = withoutTrailers(withoutSignature(message.replaceAll('\r\n', '\n')));
  return saysMoreThan(tag, text) ? text : undefined;
}

/** Lines of git's own at the end of a message: names and addresses that are not for customers. */
const trailer =
  /^(?:(?:signed-off|co-authored|co-developed|reviewed|acked|approved|tested|reported|suggested|requested|helped|mentored)-by|cc|change-id): \S/i;

/**
 * A text without the trailers that end it, such as `Signed-off-by:` and `Co-authored-by:` (git,
 * "git-interpret-trailers"), and without white space around it.
 */
export function withoutTrailers(text: string): string {
  const lines = text.trim().split('\n');
  while (lines.length > 0 && isTrailerOrBlank(lines.at(-1) ?? '')) lines.pop();
  return lines.join('\n').trim();
}

function isTrailerOrBlank(line: string): boolean {
  return line.trim() === '' || trailer.test(line);
}

/** Cuts the signature that ends a message; one that is only quoted in it stays. */
function withoutSignature(message: string): string {
  const text = message.trimEnd();
  const lines = text.split('\n');
  const last = lines.at(-1);
  const kind = signatureKinds.find((each) => last === `-----END ${each}-----`);
  if (kind === undefined) return text;
  const begin = lines.findLastIndex((line) => line.trimEnd() === `-----BEGIN ${kind}-----`);
  return begin < 0 ? text : lines.slice(0, begin).join('\n');
}

function saysMoreThan(tag: string, text: string): boolean {
  const known = new Set([...emptyWords, ...wordsOf(tag)]);
  return wordsOf(text).some((word) => !known.has(word));
}

/** The words of a text or a tag, in lower case; of versions, without a `v` before them. */
function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[\s/@_:,;!-]/)
    .map((word) => word.replace(/^v(?=\d)/, '').replace(/\.$/, ''))
    .filter((word) => word !== '');
}
