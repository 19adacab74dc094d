// `*)` as in the changes of Apache, `o` as in those of GNU, and what word processors put there.
const bullet = /^([ \t]*)(?:(?:\*\)|[o–—])[ \t]+|[•·●○▪‣・･][ \t]*)(?=\S)/;
const marked = /^[ \t]*(?:[-+*]|\d{1,9}[.)])[ \t]/;

/** Begins like a sentence, an entry with a number, or one with a tag such as `[Fix]`. */
const entry = /^[\p{Lu}\p{Lo}\p{N}#[("'`@]/u;

/** `<name>` that is no element: Markdown would take it for a tag, and no reader would see it. */
const placeholder =
  /(?<!\\)<(?=\/?(?!(?:a|b|big|blockquote|br|center|code|dd|del|details|div|dl|dt|em|font|h[1-6]|hr|i|img|ins|kbd|li|ol|p|pre|q|s|small|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|tt|u|ul|video)\b)[a-z][\w-]*[\s>/])/gi;

/**
 * Makes Markdown of plain text: its bullets become list marks, placeholders such as `<name>` stay to be
 * seen, and where each line of a paragraph is an entry of its own, the line breaks stay. Idempotent.
 */
export function markdownFromPlainText(notes: string): string {
  const lines = notes.split('\n').map((line) => {
    const text = line.trimEnd().replace(bullet, '$1* ');
    return text.includes('`') ? text : text.replace(placeholder, '\\<');
  });
  let start = 0;
  for (let end = 0; end <= lines.length; end++) {
    const line = lines[end];
    if (line !== undefined && line !== '' && !marked.test(line)) continue;
    const paragraph = lines.slice(start, end);
    const isAlone = start === 0 || lines[start - 1] === '';
    if (isAlone && paragraph.length > 1 && paragraph.every((each) => entry.test(each))) {
      for (let at = start; at < end - 1; at++) lines[at] += '  ';
    }
    start = end + 1;
  }
  return lines.join('\n');
}
