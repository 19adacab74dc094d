import type { Release } from '../cryptlex/release.ts';
import type { ReleaseFile } from '../cryptlex/schema.ts';
import { ActionError } from '../errors.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { DeliveredFile } from '../release/apply.ts';
import { quote, safe } from '../text.ts';
import { checksumOf, isSameName, type LocalFile } from '../upload-files.ts';

/** What a release has of the files that it should have. */
export interface Comparison {
  readonly files: readonly DeliveredFile[];
  /** Why it is left as it is, if it is. */
  readonly reason?: string;
}

/** The file of that name that a release has, in whatever case; undefined also without a release. */
export function storedFile(release: Release | undefined, name: string): ReleaseFile | undefined {
  return release?.files?.find((stored) => isSameName(stored.name, name));
}

/**
 * Compares files with those of a release, by name, size and checksum. One that is still to be created has
 * none.
 * @throws ActionError E_UPLOAD when it has another file of the same name, or a file changed meanwhile;
 *   E_READONLY when it is published and lacks one
 */
export async function compareFiles(
  release: Release | undefined,
  files: readonly LocalFile[],
  onPublished: Inputs['on-published'],
): Promise<Comparison> {
  const compared: DeliveredFile[] = [];
  for (const file of files) {
    const known = { name: file.name.toLowerCase(), size: file.size };
    if (release && storedFile(release, file.name)) {
      const checksum = await checksumOf(file);
      if (!hasFile(release, file, checksum)) throw otherFile(release, file, checksum);
      compared.push({ ...known, checksum, state: 'present' });
    } else compared.push({ ...known, checksum: undefined, state: 'missing' });
  }
  const lacking = compared.filter(({ state }) => state === 'missing').map(({ name }) => name);
  if (release?.published !== true || lacking.length === 0 || onPublished === 'update') {
    return { files: compared };
  }
  if (onPublished === 'fail') throw readOnly(release, lacking);
  return { files: compared, reason: 'published, and differs in files' };
}

/** Whether a release has exactly this file. */
export function hasFile(
  release: Release,
  file: Pick<LocalFile, 'name' | 'size'>,
  checksum: string,
): boolean {
  return release.files?.some((stored) => isSame(stored, file, checksum)) ?? false;
}

/** Whether a file of a release is this one. */
export function isSame(
  stored: ReleaseFile,
  { name, size }: Pick<LocalFile, 'name' | 'size'>,
  checksum: string,
): boolean {
  const isNamed = isSameName(stored.name, name);
  return isNamed && stored.size === size && stored.checksum?.toLowerCase() === checksum;
}

/** The error for a release that has another file of that name. */
export function otherFile(release: Release, file: LocalFile, checksum: string): ActionError {
  const there = storedFile(release, file.name);
  if (!there?.checksum || (there.size ?? undefined) === undefined) {
    return new ActionError({
      code: 'E_UPLOAD',
      what: `The release ${release.id} has a file ${quote(there?.name ?? '')} of which Cryptlex does not yet give the size and the MD5.`,
      remedy: 'Run the step again in a few minutes: the file may still be being stored.',
    });
  }
  return new ActionError({
    code: 'E_UPLOAD',
    what: `The release ${release.id} has another file ${quote(there.name ?? '')}: ${there.size} bytes with the MD5 ${safe(there.checksum, 40)}, where the file of this run has ${file.size} bytes with the MD5 ${checksum}.`,
    remedy:
      'A file of a release is never replaced. If the file in Cryptlex is wrong, delete it in the dashboard, or use another file name. Build the files once per release, because a new build has other bytes.',
  });
}

function readOnly({ id }: Release, names: readonly string[]): ActionError {
  return new ActionError({
    code: 'E_READONLY',
    what: `The release ${id} is published and accepts no more files, but it lacks ${names
      .slice(0, 10)
      .map((name) => quote(name))
      .join(', ')}.`,
    remedy:
      'Publish a new version with the files. With product-id, on-published: skip leaves a published release as it is.',
  });
}
