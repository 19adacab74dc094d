import type { GitHubConnection } from './api.ts';
import type { GitHubReader } from './reader.ts';

/**
 * Reads the event's repository through the API of GitHub, an Enterprise Server, Gitea or Forgejo. Its
 * client is larger than the rest of the action, so it is loaded with the first question.
 * @returns functions that throw ActionError E_GITHUB (also without a token or a repository),
 *   E_TIMEOUT and, for a changelog at a given path, E_FILE
 */
export function connectGitHub(connection: GitHubConnection): GitHubReader {
  let opened: Promise<GitHubReader> | undefined;
  const open = () => {
    opened ??= import('./reader.ts').then(({ openReader }) => openReader(connection));
    return opened;
  };
  return {
    readTagMessage: async (...asked) => (await open()).readTagMessage(...asked),
    readReleaseBody: async (...asked) => (await open()).readReleaseBody(...asked),
    readChangelog: async (...asked) => (await open()).readChangelog(...asked),
  };
}
