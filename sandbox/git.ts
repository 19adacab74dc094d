import { execFileSync } from 'node:child_process';

/**
 * Runs git in a folder, whatever the environment and the configuration of the user say: `GIT_DIR`, as
 * hooks and `git rebase --exec` set it, would lead it into another repository, and a signature would ask
 * for a key.
 * @returns what it prints
 */
export function runGit(folder: string, ...words: readonly string[]): string {
  return execFileSync('git', ['-C', folder, ...ownConfiguration, ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...withoutGit(process.env), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
  });
}

const ownConfiguration = Object.entries({
  'user.name': 'Demo',
  'user.email': 'demo@example.com',
  // For a git before 2.32, which reads the user's configuration all the same.
  'commit.gpgSign': 'false',
  'tag.gpgSign': 'false',
}).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

function withoutGit(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^GIT_/i.test(name)));
}
