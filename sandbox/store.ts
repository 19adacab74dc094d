import type { ReleaseCreation, ReleaseUpdate } from './contract.ts';
import { completeRelease, type Release, type ReleaseSeed } from './release.ts';

/** The releases of one sandbox, in memory. Releases are replaced, never changed in place. */
export class ReleaseStore {
  readonly #releases = new Map<string, Release>();
  #lastTime = 0;

  /** Adds a release, or replaces the one with the same id. */
  add(seed: ReleaseSeed | ReleaseCreation): Release {
    return this.#keep(completeRelease(seed, this.#now()));
  }

  get(id: string): Release | undefined {
    return this.#releases.get(id);
  }

  /** The release of the same product, version and channel for one of the same platforms. */
  findLike({ productId, version, channel, platforms }: ReleaseCreation): Release | undefined {
    return this.all().find(
      (release) =>
        release.productId === productId &&
        release.version === version &&
        release.channel === channel &&
        release.platforms.some((platform) => platforms.includes(platform)),
    );
  }

  /** In the order they were added. */
  all(): readonly Release[] {
    return [...this.#releases.values()];
  }

  /**
   * Sets fields and moves `updatedAt`.
   * @throws Error when there is no such release.
   */
  change(id: string, changes: ReleaseUpdate | Partial<Release>): Release {
    const current = this.#releases.get(id);
    if (current === undefined) throw new Error(`There is no release ${id}.`);
    const now = this.#now();
    return this.#keep(completeRelease({ ...current, updatedAt: now, ...changes }, now));
  }

  /** Adds a file that was stored to its release. */
  register(id: string, file: Release['files'][number]): void {
    const files = [...(this.#releases.get(id)?.files ?? []), file];
    this.change(id, { files, totalFiles: files.length });
  }

  /** Publishes a release, which makes it read-only for the API. */
  publish(id: string): Release {
    return this.change(id, { published: true });
  }

  #keep(release: Release): Release {
    this.#releases.set(release.id, release);
    return release;
  }

  // Never the same twice, so that every change shows in `updatedAt`.
  #now(): string {
    this.#lastTime = Math.max(Date.now(), this.#lastTime + 1);
    return new Date(this.#lastTime).toISOString();
  }
}
