/** Stands for an escaped `|`, at which downdoc would part cells. */
const bar = '\uE07C';

/**
 * Turns notes in AsciiDoc into Markdown; comments go. As on GitHub, `env-github` is set for conditions, and
 * a link stands for a file that is included.
 *
 * @param source The whole file: the attributes of its head are filled in.
 */
export async function markdownFromAsciiDoc(notes: string, source: string): Promise<string> {
  const { default: downdoc } = await import('downdoc');
  const lines = withoutAsciiDocComments(notes).split('\n');
  const literal = literalLines(lines);
  const text = lines
    .map((line, index) => {
      const file = /^include::([^[\]]+)\[.*\][ \t]*$/.exec(line)?.[1];
      if (file !== undefined) return `link:${file}[${file}]`;
      if (literal.has(index)) return line;
      // The style of a paragraph stands above it, the label that downdoc knows in it.
      const kind = admonition.exec(lines[index - 1] ?? '')?.[1];
      if (kind !== undefined && startsParagraph.test(line)) return `${kind}: ${line}`;
      return admonition.test(line) && startsParagraph.test(lines[index + 1] ?? '') ? '' : line;
    })
    .join('\n')
    // The escape keeps an ellipsis from becoming one character, also in addresses.
    .replaceAll('\\...', '...')
    .replaceAll('\\|', bar);
  const attributes = { ...Object.fromEntries(attributesOf(source)), 'env-github': '' };
  return downdoc(text, { attributes })
    .replace(/<dl><dt><strong>([^<]*)<\/strong><\/dt><dd>/g, '**$1**')
    .replaceAll('</dd></dl>', '')
    .replaceAll(bar, '\\|');
}

const admonition = /^\[(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*$/;
const startsParagraph = /^(?![-*.]+\s|[=*_+./-]{2}|[\s|:[])./;

/** Whether AsciiDoc has parts that depend on a condition, which may not hold. */
export function hasConditions(notes: string): boolean {
  const lines = withoutAsciiDocComments(notes).split('\n');
  const literal = literalLines(lines);
  return lines.some((line, index) => /^if(?:n?def|eval)::/.test(line) && !literal.has(index));
}

/**
 * Takes out what AsciiDoc keeps from readers: lines after `//`, blocks between `////`, and what stands
 * below `[comment]`.
 */
export function withoutAsciiDocComments(notes: string): string {
  const lines = notes.split('\n');
  const literal = literalLines(lines);
  const kept: string[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const delimiter = literal.get(index);
    if (delimiter?.startsWith('/')) continue;
    if (delimiter === undefined && /^\[comment\]\s*$/.test(line)) {
      const end = /^(?:--|-{4,}|={4,}|\*{4,})\s*$/.test(lines[index + 1] ?? '')
        ? lines[++index]?.trimEnd()
        : '';
      do index++;
      while (index < lines.length && lines[index]?.trimEnd() !== end);
    } else if (delimiter !== undefined || !/^\/\/(?!\/)/.test(line)) kept.push(line);
  }
  return kept.join('\n');
}

/** The lines of listings, literal blocks, passthroughs and comments of AsciiDoc, and what delimits each. */
export function literalLines(lines: readonly string[]): Map<number, string> {
  const literal = new Map<number, string>();
  const last = new Map<string, number>();
  const delimiters = lines.map((line, index) => {
    const text = line.trimEnd();
    const title = lines[index - 1]?.trim() ?? '';
    if (!/^(?:-{4,}|\.{4,}|\/{4,}|\+{4,}|`{3,})$/.test(text)) return undefined;
    if (underlines(title, text) && !last.has(text)) return undefined;
    last.set(text, index);
    return text;
  });
  for (let index = 0; index < lines.length; index++) {
    const delimiter = delimiters[index];
    if (delimiter === undefined || (last.get(delimiter) ?? 0) <= index) continue;
    do literal.set(index++, delimiter);
    while (delimiters[index] !== delimiter);
    literal.set(index, delimiter);
  }
  return literal;
}

/** A row that is as long as the line above it, but for one character, makes a title of it. */
export function underlines(title: string, row: string): boolean {
  return /^[\p{L}\p{N}[]/u.test(title) && Math.abs(title.length - row.length) <= 1;
}

const longestAttribute = 1000;

/** The attributes that the head of a file sets: `:url-repo: https://example.com`. */
function attributesOf(source: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const line of source.split(/\r\n|\r|\n/)) {
    if (/^==+ /.test(line)) break;
    const [, name, value = ''] = /^:([a-z0-9_][\w-]*):(?: (.*))?$/i.exec(line) ?? [];
    if (name === undefined) continue;
    const filled = value.replace(/\{([\w-]+)\}/g, (whole, other) => attributes.get(other) ?? whole);
    // Attributes of attributes double with each line.
    if (filled.length < longestAttribute) attributes.set(name.toLowerCase(), filled.trim());
  }
  return attributes;
}
