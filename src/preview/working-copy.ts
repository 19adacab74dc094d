import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { GitHubReader } from '../github/reader.ts';
import { ownMessage } from '../github/tag-message.ts';
import type { RunnerEvent } from '../tag/event.ts';

/**
 * What a run would see of the git repository around a folder when a tag is pushed, without asking
 * anybody. Where it has no remote, links are shown with a placeholder for its address.
 */
export function readWorkingCopy(
  folder: string,
  tag: string | undefined,
  isPrivate: boolean,
): { readonly event: RunnerEvent; readonly github: GitHubReader } {
  const workspace = rootOf(folder);
  const { serverUrl, name } = remoteOf(workspace);
  return {
    event: {
      name: 'push',
      tag,
      idle: undefined,
      sha: 'HEAD',
      pushedObject: undefined,
      repository: { serverUrl, name, private: isPrivate, forge: 'GitHub' },
      apiUrl: '',
      workspace,
      temporaryFolder: undefined,
    },
    github: {
      readTagMessage: async (name) => tagMessage(workspace, name),
      readReleaseBody: async () => undefined,
      readChangelog: async () => undefined,
    },
  };
}

/** The nearest folder with a `.git`; the folder itself where there is none. */
function rootOf(folder: string): string {
  for (let at = resolve(folder); at !== dirname(at); at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
  }
  return resolve(folder);
}

/** `origin` of git's configuration: `git@host:owner/name.git`, `https://host/owner/name`. */
function remoteOf(workspace: string): { readonly serverUrl: string; readonly name: string } {
  const path = join(workspace, '.git', 'config');
  const config = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const url =
    /^\[remote "origin"\][^[]*?^[ \t]*url[ \t]*=[ \t]*(\S{1,500})/m.exec(config)?.[1] ?? '';
  const parts = /^(?:[a-z+]+:\/\/)?(?:[^@/]*@)?([^:/]+)(?::\d+\/|[:/])(.+?)(?:\.git)?\/?$/.exec(
    url,
  );
  const [, host = 'github.com', name = 'OWNER/REPOSITORY'] = parts ?? [];
  return { serverUrl: `https://${host}`, name };
}

/** The message of an annotated tag, as git on this machine knows it. */
function tagMessage(workspace: string, tag: string): string | undefined {
  const format = '%(if)%(taggername)%(then)%(contents)%(end)';
  try {
    const args = ['for-each-ref', `--format=${format}`, `refs/tags/${tag}`];
    const message = execFileSync('git', args, { cwd: workspace, encoding: 'utf8', stdio: 'pipe' });
    return ownMessage(message, tag);
  } catch {
    // Without git, or outside a repository, there is no such message.
    return undefined;
  }
}
