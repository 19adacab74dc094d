import { type ChangelogOptions, namesPackage, releases } from './changelog.ts';
import { isAscending } from './conventions.ts';
import { readOutline } from './headings.ts';
import { compareVersions } from './versions.ts';

/** The newest version of a changelog: the first one, or the last one where versions ascend. */
export function newestVersion(text: string, options: ChangelogOptions = {}): string | undefined {
  const headings = releases(readOutline(text).headings).filter((heading) =>
    namesPackage(heading, options.package),
  );
  const newest = isAscending(headings) ? headings.at(-1) : headings[0];
  return newest?.versions
    .map((version) => version.text)
    .reduce((one, other) => (compareVersions(one, other) < 0 ? other : one));
}
