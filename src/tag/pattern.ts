import { runInNewContext } from 'node:vm';
import { ActionError } from '../errors.ts';
import { quote } from '../text.ts';
import { longestTag, type TagGroups } from './version.ts';

/** How long a pattern may think, in milliseconds. */
const timeLimit = 1000;

/**
 * Reads a tag with a pattern, which has to match the whole tag, so that it can't cut 1.2 out of 1.2.3.
 * The version is the group `version`, or the groups `major`, `minor`, `patch` and `build` with dots
 * between them.
 * @throws ActionError E_TAG when it does not match; E_CONFIG for a pattern that is no regular
 *   expression, has no such groups or is too slow
 */
export function matchPattern(tag: string, pattern: string): TagGroups {
  // With an empty alternative every pattern matches, and lists its groups.
  const known = runPattern(pattern, `${pattern}|`, '') ?? {};
  if (!('version' in known) && !('major' in known && 'minor' in known)) {
    throw patternRefused(
      pattern,
      'has neither a group named version nor the groups major and minor',
    );
  }
  const groups = tag.length > longestTag ? undefined : runPattern(pattern, `^(?:${pattern})$`, tag);
  const version = groups?.['version'] ?? joinParts(groups ?? {});
  // An optional group that matched nothing says nothing.
  const named = Object.entries(groups ?? {}).filter(([, value]) => value);
  if (version !== undefined) return { ...Object.fromEntries(named), version };
  throw new ActionError({
    code: 'E_TAG',
    what: `The tag ${quote(tag)} does not match tag-pattern ${quote(pattern)}.`,
    remedy:
      'The pattern must match the whole tag, and its version must be x.x, x.x.x or x.x.x.x. Correct the pattern, or start the workflow only for tags that match.',
  });
}

/** `1.2.3` of the groups for its parts; undefined where one is missing before another. */
function joinParts({ major, minor, patch, build }: Groups): string | undefined {
  if (!major || !minor || (build && !patch)) return undefined;
  return [major, minor, patch, build].filter(Boolean).join('.');
}

type Groups = Readonly<Partial<Record<string, string>>>;

/** The named groups of a match; a pattern that backtracks without end is stopped. */
function runPattern(pattern: string, source: string, text: string): Groups | undefined {
  try {
    const context = { source, text };
    return runInNewContext('new RegExp(source).exec(text)?.groups', context, {
      timeout: timeLimit,
    });
  } catch (cause) {
    // What the context throws is no Error of this one; of both errors only a timeout has a code.
    const slow = typeof cause === 'object' && cause !== null && 'code' in cause;
    const reason = slow ? `is too slow on ${quote(text)}` : 'is not a regular expression';
    throw patternRefused(pattern, reason, cause);
  }
}

function patternRefused(pattern: string, reason: string, cause?: unknown): ActionError {
  return new ActionError({
    code: 'E_CONFIG',
    what: `tag-pattern ${quote(pattern)} ${reason}.`,
    remedy: 'Use a pattern such as ^server-(?<version>\\d+(?:\\.\\d+){1,3})$.',
    cause,
  });
}
