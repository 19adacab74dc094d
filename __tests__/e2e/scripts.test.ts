import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { pathOf } from '../workflow-files.ts';
import { startReceiver } from './receiver.ts';
import { useSandbox } from './scenario.ts';
import { canRunScripts, runBash } from './shell.ts';

const describeScripts = canRunScripts ? describe : describe.skip;

test('scripts can be run where every change is checked', () => {
  expect(canRunScripts || process.platform === 'win32' || !process.env['CI']).toBe(true);
});

test('what scripts load of the compiled action has a source', () => {
  const folders = ['scripts', 'bench'].map((name) => pathOf(name));
  const loaded = folders.flatMap((folder) =>
    readdirSync(folder).flatMap((name) => {
      if (!name.endsWith('.mjs')) return [];
      const text = readFileSync(join(folder, name), 'utf8');
      return [...text.matchAll(/\.\.\/build\/([\w/-]+)\.js/g)].map(([, path = '']) => `${path}.ts`);
    }),
  );
  expect(loaded.length).toBeGreaterThan(5);
  expect(loaded.filter((path) => !existsSync(pathOf(path)))).toEqual([]);
});

describeScripts('upload.sh', () => {
  const token = 'secret-token';
  const upload = (url: string, ...words: string[]) =>
    runScript('upload.sh', {
      words,
      env: { CRYPTLEX_RELEASES_URL: url, CRYPTLEX_ACCESS_TOKEN: token },
    });

  /** Uploads to a host that answers with these statuses, then with 200. */
  async function uploadTo(statuses: readonly number[], ...words: string[]) {
    const host = await startReceiver(...statuses);
    try {
      return { ...(await upload(host.url, ...words)), received: host.received };
    } finally {
      await host.close();
    }
  }

  test('uploads each file, and shows no process list the token', async () => {
    const result = await uploadTo([], 'release-1', 'app.zip', './app.zip.sig');
    expect(result).toMatchObject({ exitCode: 0 });
    expect(result.received.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['PUT', '/v3/release-1/app.zip', 'the application'],
      ['PUT', '/v3/release-1/app.zip.sig', 'its signature'],
    ]);
    expect(result.received[0]?.headers).toMatchObject({
      authorization: `Bearer ${token}`,
      'content-type': 'application/octet-stream',
    });
    expect(result.curlWords).toContain('/v3/release-1/app.zip');
    expect(result.curlWords).not.toContain(token);
    expect(result.output).not.toContain(token);
  });

  test('tries again when the host is busy', async () => {
    const { exitCode, received } = await uploadTo([503], 'release-1', 'app.zip');
    expect(exitCode).toBe(0);
    expect(received.map(({ body }) => body)).toEqual(['the application', 'the application']);
  });

  test('fails with the words of the host, and uploads no further file', async () => {
    const words = ['release-1', 'app.zip', 'app.zip.sig'];
    const { exitCode, output, received } = await uploadTo([403], ...words);
    expect(exitCode).not.toBe(0);
    expect(output).toContain('Answer 403');
    expect(received).toHaveLength(1);
  });

  test.each([
    ['a file name that is not allowed', ['release-1', 'my app.zip'], 'my app.zip'],
    ['no file', ['release-1'], 'Name the files'],
    ['no release', [], 'Usage: upload.sh'],
  ])('refuses %s before anything is sent', async (_, words, sentence) => {
    const { exitCode, output, curlWords } = await upload('http://127.0.0.1:9', ...words);
    expect(exitCode).not.toBe(0);
    expect(output).toContain(sentence);
    expect(curlWords).toBe('');
  });
});

describeScripts('publish.sh', () => {
  const sandbox = useSandbox();
  const publish = (id: string, token = sandbox.token) =>
    runScript('publish.sh', {
      words: [id],
      env: { CRYPTLEX_API_URL: sandbox.api.url, CRYPTLEX_ACCESS_TOKEN: token },
    });

  test('publishes once, and is content the second time', async () => {
    const { id } = sandbox.api.addRelease({ version: '1.2.3', name: 'App' });
    const first = await publish(id);
    const second = await publish(id);
    expect(first).toMatchObject({ exitCode: 0, output: 'Published App, version 1.2.3.\n' });
    expect(second).toMatchObject({ exitCode: 0, output: 'The release is published already.\n' });
    expect(sandbox.api.release(id)?.published).toBe(true);
    expect(first.curlWords).toContain(`/v3/releases/${id}/publish`);
    expect(first.curlWords).not.toContain(sandbox.token);
  });

  test.each(['no-such-release', ''])('fails for the release "%s"', async (id) => {
    expect((await publish(id)).exitCode).not.toBe(0);
  });

  test('fails with the words of the server', async () => {
    const { id } = sandbox.api.addRelease({ version: '1.2.3' });
    const { exitCode, output } = await publish(id, sandbox.issueToken('release:read'));
    expect(exitCode).not.toBe(0);
    expect(output).toContain('403');
    expect(output).toMatch(/"message":".+"/);
    expect(sandbox.api.release(id)?.published).toBe(false);
  });
});

/** Runs a script of the examples in a folder with two files, and notes what curl was started with. */
async function runScript(
  name: string,
  call: { readonly words: readonly string[]; readonly env: Readonly<Record<string, string>> },
) {
  const folder = mkdtempSync(join(tmpdir(), 'recipe-'));
  const path = process.env['PATH'] ?? '';
  try {
    writeFileSync(join(folder, 'app.zip'), 'the application');
    writeFileSync(join(folder, 'app.zip.sig'), 'its signature');
    writeFileSync(join(folder, 'my app.zip'), 'the application');
    writeFileSync(join(folder, 'curl-words.txt'), '');
    writeFileSync(
      join(folder, 'curl'),
      `#!/usr/bin/env bash\necho "$@" >> '${folder}/curl-words.txt'\nPATH=$REAL_PATH exec curl "$@"\n`,
      { mode: 0o755 },
    );
    const result = await runBash([pathOf(`examples/${name}`), ...call.words], {
      cwd: folder,
      env: { ...call.env, PATH: `${folder}${delimiter}${path}`, REAL_PATH: path },
    });
    return { ...result, curlWords: readFileSync(join(folder, 'curl-words.txt'), 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
