import { parseArgs } from 'node:util';
import { startDeadline } from '../deadline.ts';
import { ActionError, messageOf } from '../errors.ts';
import { type InputName, inputRules } from '../inputs/inputs.ts';
import { parseInputs } from '../inputs/read.ts';
import type { Log } from '../log.ts';
import { newestOfChangelog } from '../notes/changelog-file.ts';
import { collectNotes, type Notes } from '../notes/notes.ts';
import { chooseTarget } from '../release/target.ts';
import { chooseVersion, describeReading } from '../tag/event.ts';
import { versionToSend } from '../tag/version.ts';
import { safe } from '../text.ts';
import { readWorkingCopy } from './working-copy.ts';

const usage = `Usage: update-release-action preview [TAG] [--private] [--INPUT VALUE …]

Shows which notes a push of the tag would send, from the working copy in this folder. Without a tag it
uses the newest version of the changelog. The options are the inputs of the action, such as
--changelog-file or --exclude-sections; --private is for a private repository.`;

/** Where a command writes: the notes go to one place, what is said about them to another. */
export interface Streams {
  readonly notes: (text: string) => void;
  readonly remarks: (text: string) => void;
}

/**
 * The command `preview`: shows on anybody's machine which notes would be sent for a tag, from where,
 * and what was changed. It reads the working copy, and needs no token and no network.
 * @param folder the current folder
 * @returns the exit code
 */
export async function preview(
  args: readonly string[],
  folder: string,
  streams: Streams,
): Promise<number> {
  if (args.includes('--help')) {
    streams.notes(usage);
    return 0;
  }
  const log = logTo(streams.remarks);
  try {
    const notes = await notesOf(readArguments(args), folder, log);
    if (notes) show(notes, streams);
    return 0;
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    log.error(`${error.message} (${error.code})`, error.at);
    return 1;
  }
}

/** @throws ActionError E_CONFIG with the usage for what is none of it */
function readArguments(args: readonly string[]) {
  const names = (Object.keys(inputRules) as InputName[]).filter((name) => name !== 'private');
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
        private: { type: 'boolean', default: false },
      },
    });
    const given: Readonly<Record<string, unknown>> = { ...values, 'dry-run': 'true', private: '' };
    if (positionals.length > 1) throw new Error(`More than one tag: ${positionals.join(', ')}`);
    const inputs = parseInputs((name) => String(given[name] ?? ''));
    return { inputs, tag: positionals[0], isPrivate: values.private === true };
  } catch (cause) {
    if (cause instanceof ActionError) throw cause;
    throw new ActionError({
      code: 'E_CONFIG',
      what: `${safe(messageOf(cause))}.`,
      remedy: `\n${usage}`,
      cause,
    });
  }
}

async function notesOf(
  { inputs, tag, isPrivate }: ReturnType<typeof readArguments>,
  folder: string,
  log: Log,
): Promise<Notes | undefined> {
  const { event, github } = readWorkingCopy(folder, tag, isPrivate);
  const isNamed = tag !== undefined || inputs.tag !== undefined || inputs.version !== undefined;
  const chosen =
    (isNamed ? chooseVersion(event, inputs, log) : undefined) ??
    (await newestOfChangelog({ inputs, event, github }));
  const version = versionToSend(chosen, inputs.prerelease);
  log.info(describeReading(chosen, version));
  const known = { inputs, event, chosen, version, secrets: [], log };
  const { values } = chooseTarget(known);
  const deadline = startDeadline(inputs['timeout-seconds']);
  return collectNotes({ ...known, values, github, deadline });
}

/** The notes, and the lines in which they differ from what their author wrote. */
function show({ text, original }: Notes, { notes, remarks }: Streams): void {
  const written = linesOf(original);
  const sent = linesOf(text);
  const gone = [...written].filter((line) => !sent.has(line));
  const come = [...sent].filter((line) => !written.has(line));
  if (gone.length + come.length > 0) {
    remarks('Differences between the text that was written (-) and the notes that are sent (+):');
    for (const line of gone) remarks(`- ${safe(line, 200)}`);
    for (const line of come) remarks(`+ ${safe(line, 200)}`);
  }
  remarks('');
  notes(text);
}

function linesOf(text: string): ReadonlySet<string> {
  return new Set(text.split(/\r\n?|\n/).filter((line) => line.trim() !== ''));
}

/** A log for people at a terminal, where no runner reads commands. */
function logTo(write: (text: string) => void): Log {
  const line =
    (label: string): Log['notice'] =>
    (text, at) => {
      const place = at ? ` (${at.file}${at.line === undefined ? '' : `:${at.line}`})` : '';
      const lines = text.split('\n').map((each) => safe(each, 2000));
      write(`${label}${lines.join('\n')}${place}`);
    };
  return {
    info: (text) => line('')(text),
    debug: () => undefined,
    notice: line('Notice: '),
    warning: line('Warning: '),
    error: line('Error: '),
    hide: () => undefined,
    redact: (text) => text,
  };
}
