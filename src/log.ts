import { debug, error, info, notice, setSecret, warning } from '@actions/core';
import type { FilePosition } from './errors.ts';
import { safe } from './text.ts';

/** Longest line, in code points: the runner cuts an annotation at 4096 UTF-16 units. */
const lineLimit = 2000;

/** Fewer characters of a secret than these give nothing away. */
const shortestBeginning = 8;

/** The step's log. Whatever is given is made safe first; nothing else writes to the log. */
export interface Log {
  /** `limit`: longest line in code points. */
  readonly info: (text: string, limit?: number) => void;
  readonly debug: (text: string) => void;
  readonly notice: (text: string, at?: FilePosition) => void;
  readonly warning: (text: string, at?: FilePosition) => void;
  readonly error: (text: string, at?: FilePosition) => void;
  /** Hides a secret, in every spelling given, in all that is logged from now on. */
  readonly hide: (spellings: readonly string[]) => void;
  /** Text with the hidden secrets taken out, for what does not go through the log. */
  readonly redact: (text: string) => string;
}

/** A log that writes through @actions/core. Line breaks in annotations are kept. */
export function createLog(): Log {
  let hidden: readonly string[] = [];
  const redact = (text: string) => {
    const shown = hidden.reduce((rest, each) => rest.replaceAll(each, '***'), text);
    return shown.includes('…') ? hidden.reduce(hideCut, shown) : shown;
  };
  const line = (text: string, limit = lineLimit) => safe(redact(text), limit);
  const lines = (text: string) =>
    redact(text)
      .split('\n')
      .map((each) => line(each))
      .join('\n');
  const place = (at?: FilePosition) =>
    at && { file: line(at.file), ...(at.line !== undefined && { startLine: at.line }) };

  return {
    info: (text, limit) => info(line(text, limit)),
    debug: (text) => debug(line(text)),
    notice: (text, at) => notice(lines(text), place(at)),
    warning: (text, at) => warning(lines(text), place(at)),
    error: (text, at) => error(lines(text), place(at)),
    hide: (spellings) => {
      hidden = [...new Set(spellings)].sort((a, b) => b.length - a.length);
      for (const spelling of hidden) setSecret(spelling);
    },
    redact,
  };
}

/** Hides the beginning of a secret where a text was cut, which an ellipsis shows. */
function hideCut(text: string, secret: string): string {
  const beginning = secret.slice(0, shortestBeginning);
  if (!text.includes(beginning)) return text;
  const parts = text.split('…');
  const last = parts.pop() ?? '';
  const hide = (part: string) => {
    // Where the rest of the part could be as much of the secret.
    const from = Math.max(0, part.length - secret.length);
    for (let at = part.indexOf(beginning, from); at !== -1; at = part.indexOf(beginning, at + 1)) {
      if (secret.startsWith(part.slice(at))) return `${part.slice(0, at)}***`;
    }
    return part;
  };
  return [...parts.map(hide), last].join('…');
}
