import { ActionError } from '../errors.ts';
import { parseTag, type TagVersion } from './version.ts';

/**
 * The tag that a version will most likely get: in the form of the newest tag, else `v1.2.3`.
 * @param tags those of the repository, as far as they are known
 */
export function tagToCome(version: string, tags: readonly string[]): string {
  const newest = tags.map(readTag).reduce(newer, undefined);
  return `${newest?.prefix ?? 'v'}${version}`;
}

/** Undefined for a tag that holds no version. */
function readTag(tag: string): TagVersion | undefined {
  try {
    return parseTag(tag);
  } catch (error) {
    if (error instanceof ActionError) return undefined;
    throw error;
  }
}

function newer(one: TagVersion | undefined, other: TagVersion | undefined): TagVersion | undefined {
  if (!one || !other) return one ?? other;
  const [left, right] = [one, other].map(({ version }) => version.split('.').map(Number));
  const at = right?.findIndex((part, index) => part !== (left?.[index] ?? 0)) ?? -1;
  return at >= 0 && (right?.[at] ?? 0) > (left?.[at] ?? 0) ? other : one;
}
