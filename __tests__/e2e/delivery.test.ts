import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import { fileOf, md5Of } from './deliveries.ts';
import { scenario, scenarios, until, type World } from './isolated.ts';
import { changelogOf, expectFailure, warningsOf } from './scenario.ts';

const files = {
  'CHANGELOG.md': changelogOf('1.2.3'),
  'dist/App-1.2.3.zip': 'zip',
  'dist/app.tar.gz': 'tar',
  'dist/app.log': 'log',
};
const uploads = { 'upload-files': 'dist/*\n!**/*.log' };

/** What was asked of the server, without ids. */
function callsOf({ api, id }: World): string[] {
  return api.requests.map(({ method, path }) => `${method} ${path.replace(id, '{id}')}`);
}

scenario('one step does it all, and a second one nothing', async (world) => {
  const { api, id, run } = world;
  api.change(id, { platforms: ['linux'] });
  const given = { ...uploads, publish: 'true' };
  const { outputs, summary, stdout } = await run(given, { files });
  expect(callsOf(world)).toEqual([
    'GET /v3/releases',
    'PATCH /v3/releases/{id}',
    'GET /v3/releases/{id}',
    'PUT /files/v3/{id}/App-1.2.3.zip',
    'PUT /files/v3/{id}/app.tar.gz',
    'GET /v3/releases/{id}',
    'POST /v3/releases/{id}/publish',
  ]);
  const put = api.requests.find(({ method }) => method === 'PUT');
  expect(put?.headers).toMatchObject({ 'content-length': '3', expect: '100-continue' });
  expect(outputs).toMatchObject({
    result: 'updated',
    published: 'true',
    'total-files': '2',
    'changed-fields': '["notes","files","published"]',
    previous: '{"notes":null,"files":[],"published":false}',
    'uploaded-files': JSON.stringify([
      { 'release-id': id, name: 'app-1.2.3.zip', size: 3, checksum: md5Of('zip') },
      { 'release-id': id, name: 'app.tar.gz', size: 3, checksum: md5Of('tar') },
    ]),
  });
  expect(stdout).toMatch(
    /^Uploaded App-1\.2\.3\.zip as app-1\.2\.3\.zip: 100 % of 3 bytes in \d s\.$/m,
  );
  expect(summary).toContain(`| app-1.2.3.zip | 3 bytes | ${md5Of('zip')} | uploaded |`);
  expect(summary).toContain('| files | 0 files | 2 files |');

  const seen = api.requests.length;
  const again = await run(given, { files });
  expect(again.outputs).toMatchObject({ result: 'unchanged', 'uploaded-files': '[]' });
  expect(again.requests.slice(seen)).toEqual(['GET /v3/releases']);
});

scenario('a release is created, filled and published', async ({ api, id, run }) => {
  api.change(id, { version: '1.2.2' });
  const given = { 'on-missing': 'create', platforms: 'linux', publish: 'true', ...uploads };
  const { outputs } = await run(given, { files });
  expect(outputs).toMatchObject({ result: 'created', published: 'true', 'total-files': '2' });
  expect(api.releases()).toHaveLength(2);
});

scenario('with release-id the release is read first', async (world) => {
  const { api, id, run } = world;
  api.change(id, { platforms: ['linux'] });
  const given = { 'release-id': id, publish: 'true', ...uploads };
  const { outputs } = await run(given, { files });
  expect(callsOf(world)[0]).toBe('GET /v3/releases/{id}');
  expect(outputs).toMatchObject({ result: 'updated', published: 'true' });
  const seen = api.requests.length;
  const again = await run(given, { files });
  expect(again.outputs['result']).toBe('unchanged');
  expect(again.requests.slice(seen)).toEqual([`GET /v3/releases/${id}`]);
});

scenario('with release-id the token also has to read', async ({ api, id, run }) => {
  const token = api.issueToken({ scopes: ['release:write'], expiresInSeconds: 9e6 });
  const result = await run({ 'release-id': id, 'access-token': token, ...uploads }, { files });
  expectFailure(result, 'E_FORBIDDEN', 'does not have the scope release:read');
  expect(result.writes).toEqual([]);
});

scenario('only what is missing is uploaded, and files of others stay', async ({ api, id, run }) => {
  const there = [fileOf('app.tar.gz', 'tar'), fileOf('other.txt', 'other')];
  api.change(id, { files: there, totalFiles: 2 });
  const { outputs, writes } = await run({ ...uploads, 'notes-from': 'none' }, { files });
  expect(outputs).toMatchObject({ result: 'updated', 'changed-fields': '["files"]' });
  expect(writes).toEqual([`PUT /files/v3/${id}/App-1.2.3.zip`]);
  expect(api.release(id)?.files.map(({ name }) => name)).toEqual([
    ...['app.tar.gz', 'other.txt', 'app-1.2.3.zip'],
  ]);
});

scenario('a list that leaves out files is completed', async ({ api, id, run }) => {
  api.change(id, { files: [fileOf('app.tar.gz', 'tar'), fileOf('app-1.2.3.zip', 'zip')] });
  api.fail({ method: 'GET', path: '/v3/releases', values: { files: null } });
  const { outputs, writes } = await run({ ...uploads, 'notes-from': 'none' }, { files });
  expect([outputs['result'], writes]).toEqual(['unchanged', []]);
});

scenarios(
  'before anything is written it fails for $name',
  [
    {
      name: 'another file of the same name',
      seed: { files: [fileOf('app.tar.gz', 'old')] },
      code: 'E_UPLOAD',
      says: /has another file "app\.tar\.gz".*never replaced/s,
    },
    {
      name: 'a file of another size',
      seed: { files: [fileOf('app.tar.gz', 'longer')] },
      code: 'E_UPLOAD',
      says: /6 bytes/,
    },
    { name: 'no platform', seed: { platforms: [] }, code: 'E_PUBLISH', says: /has no platform/ },
    {
      name: 'no file',
      with: { 'upload-files': '' },
      code: 'E_PUBLISH',
      says: /has no file/,
    },
    {
      name: 'a published release that lacks a file',
      with: { 'notes-from': 'none' },
      seed: { published: true },
      code: 'E_READONLY',
      says: /lacks "app-1\.2\.3\.zip", "app\.tar\.gz"/,
    },
    {
      name: 'a server of which no host for files is known',
      with: { 'releases-url': '' },
      code: 'E_CONFIG',
      says: /Set releases-url.*multipart/,
    },
    {
      name: 'a host without https',
      with: { 'releases-url': 'http://releases.example' },
      code: 'E_URL',
      says: /releases-url "http:\/\/releases\.example" is not accepted/,
    },
  ],
  async ({ api, id, run }, row) => {
    api.change(id, { platforms: ['linux'], ...row.seed });
    const result = await run({ ...uploads, publish: 'true', ...row.with }, { files });
    expectFailure(result, row.code, row.says);
    expect(result.writes).toEqual([]);
    expect(result.outputs).toMatchObject({ 'uploaded-files': '[]', result: 'failed' });
  },
);

scenario('on-published: skip leaves a published release that lacks a file', async (world) => {
  const { api, id, product, run } = world;
  const draft = api.addRelease({ productId: product, version: '1.2.3', channel: 'beta' });
  api.change(id, { published: true });
  const given = { ...uploads, 'on-published': 'skip', match: 'all', 'notes-from': 'none' };
  const { outputs, writes } = await run(given, { files });
  expect(JSON.parse(outputs['releases'] ?? '')).toMatchObject([
    { id, result: 'skipped', 'changed-fields': [] },
    { id: draft.id, result: 'updated', 'changed-fields': ['files'] },
  ]);
  expect(writes.every((line) => line.includes(draft.id))).toBe(true);
});

scenario('what one release lacks takes nothing from another one', async (world) => {
  const { api, id, product, run } = world;
  const other = api.addRelease({ productId: product, version: '1.2.3', channel: 'beta' });
  api.fail({ method: 'PUT', skip: 2, answer: { status: 413, body: '' } });
  const given = { ...uploads, match: 'all', 'notes-from': 'none' };
  const { outputs, summary } = await run(given, { files });
  expect(summary).toContain(`| app.tar.gz | 3 bytes | ${md5Of('tar')} | uploaded | ${id} |`);
  expect(summary).toContain(`| app.tar.gz | 3 bytes | – | not uploaded | ${other.id} |`);
  expect(outputs).toMatchObject({ result: 'failed', 'error-code': 'E_PARTIAL' });
  expect(JSON.parse(outputs['releases'] ?? '')).toMatchObject([
    { id, result: 'updated', 'changed-fields': ['files'] },
    { id: other.id, result: 'failed', 'error-code': 'E_UPLOAD' },
  ]);
});

scenario('a dry run says what it would do', async ({ id, api, run }) => {
  api.change(id, { platforms: ['linux'] });
  const given = { ...uploads, publish: 'true', 'dry-run': 'true' };
  const { stdout, writes, outputs, summary } = await run(given, { files });
  expect(writes).toEqual([]);
  expect(outputs).toMatchObject({
    result: 'planned',
    'changed-fields': '["notes","files","published"]',
    'uploaded-files': '[]',
  });
  expect(stdout).toContain(`would send PUT ${api.releasesUrl}/v3/${id}/app.tar.gz, 3 bytes\n`);
  expect(stdout).toContain(`would send POST ${api.url}/v3/releases/${id}/publish\n`);
  expect(summary).toContain('| app.tar.gz | 3 bytes | – | to be uploaded |');
});

scenario('a dry run without a token checks the files', async ({ run }) => {
  const given = { 'dry-run': 'true', 'access-token': '', publish: 'true' };
  const good = await run({ ...given, ...uploads }, { files });
  expect(good.outputs['result']).toBe('planned');
  expect(good.stdout).toContain('/v3/{id}/app.tar.gz, 3 bytes\n');
  const bad = await run({ ...given, 'upload-files': 'dist/*.msi' }, { files });
  expectFailure(bad, 'E_FILE', 'The line "dist/*.msi" of upload-files matches no file');
});

scenario('what is complete stays so when another release fails', async (world) => {
  const { api, id, product, run } = world;
  const complete = [fileOf('app-1.2.3.zip', 'zip'), fileOf('app.tar.gz', 'tar')];
  api.change(id, { published: true, files: complete, platforms: ['linux'] });
  const other = api.addRelease({ productId: product, version: '1.2.3', platforms: ['windows'] });
  api.fail({ method: 'PUT', times: 9, answer: { status: 413, body: '' } });
  const given = { ...uploads, match: 'all', 'notes-from': 'none', publish: 'true' };
  const { outputs } = await run(given, { files });
  expect(JSON.parse(outputs['releases'] ?? '')).toMatchObject([
    { id, result: 'unchanged', 'error-code': '' },
    { id: other.id, result: 'failed', 'error-code': 'E_UPLOAD' },
  ]);
});

scenario('what is refused beforehand changed nothing', async ({ api, id, product, run }) => {
  api.change(id, { files: [fileOf('app.tar.gz', 'old')], platforms: ['linux'] });
  const other = api.addRelease({ productId: product, version: '1.2.3', platforms: ['windows'] });
  const result = await run({ ...uploads, match: 'all' }, { files });
  expect(result.writes).toEqual([]);
  expect(JSON.parse(result.outputs['releases'] ?? '')).toMatchObject([
    { id, result: 'failed', 'error-code': 'E_UPLOAD', 'changed-fields': [] },
    { id: other.id, result: 'failed', 'changed-fields': [] },
  ]);
});

scenario(
  'a release that someone publishes under way is not called left as it is',
  async (world) => {
    const { api, run } = world;
    const path = /releases\/[^/]+$/;
    api.fail({ method: 'GET', path, times: 9, values: { published: true } });
    const result = await run({ ...uploads, 'on-published': 'skip' }, { files });
    expectFailure(result, 'E_READONLY', /lacks "app-1\.2\.3\.zip"/);
    expect(result.outputs).toMatchObject({ 'changed-fields': '["notes"]', published: 'true' });
  },
);

scenario(
  'a file that is built anew after it was compared is no file of the release',
  async (world) => {
    const { api, id, run } = world;
    const both = [fileOf('app-1.2.3.zip', 'zip'), fileOf('app.tar.gz', 'tar')];
    api.change(id, { platforms: ['linux'], files: both });
    api.fail({ method: 'PATCH', apply: true, delayMs: 500 });
    const isWritten = () => api.requests.some(({ method }) => method === 'PATCH');
    const prepare = (workspace: string) =>
      void until(isWritten).then(() => writeFileSync(join(workspace, 'dist/app.tar.gz'), 'new'));
    const result = await run({ ...uploads, publish: 'true' }, { files, prepare });
    expectFailure(result, 'E_UPLOAD', /"app\.tar\.gz" was changed/);
    expect(api.release(id)?.published).toBe(false);
  },
);

scenario('a file whose MD5 is not known yet is no other file', async ({ api, id, run }) => {
  api.change(id, { files: [{ ...fileOf('app.tar.gz', 'tar'), checksum: '' }] });
  const result = await run({ ...uploads, 'notes-from': 'none' }, { files });
  expectFailure(result, 'E_UPLOAD', /does not yet give the size and the MD5.*few minutes/s);
});

scenario('a workspace behind a link is one', async ({ run }) => {
  const prepare = (workspace: string) => {
    renameSync(workspace, `${workspace}-real`);
    symlinkSync(`${workspace}-real`, workspace);
  };
  const { outputs } = await run({ ...uploads, 'notes-from': 'none' }, { files, prepare });
  expect(outputs['result']).toBe('updated');
});

describe('patterns', () => {
  const tree = {
    ...files,
    'dist/.env': 'secret',
    'dist/debug/app.pdb': 'pdb',
    'dist/debug/deep/app.map': 'map',
    '.out/app.bin': 'bin',
    '.out/.env': 'secret',
    '.out/..env': 'secret',
    '.out/.keys/key.pem': 'secret',
  };
  const namesOf = (outputs: Readonly<Record<string, string>>) =>
    JSON.parse(outputs['uploaded-files'] ?? '[]').map(({ name }: { name: string }) => name);

  scenarios(
    '$lines',
    [
      { lines: 'dist/**\n!dist/debug', names: ['app-1.2.3.zip', 'app.log', 'app.tar.gz'] },
      { lines: 'dist/**\n!dist/debug/', names: ['app-1.2.3.zip', 'app.log', 'app.tar.gz'] },
      { lines: '# all\ndist/debug/**', names: ['app.pdb', 'app.map'] },
      { lines: 'dist/*\n!**/*.{log,map}', names: ['app-1.2.3.zip', 'app.log', 'app.tar.gz'] },
      { lines: 'dist/.env', names: ['.env'] },
      { lines: '.out/*', names: ['app.bin'] },
      { lines: '.out/**', names: ['app.bin'] },
      { lines: '.out/.e*\n.o*/.k*/*', names: ['.env', 'key.pem'] },
      { lines: '.*/**\n!.git', names: ['app.bin'] },
    ],
    async ({ run }, { lines, names }) => {
      const { outputs } = await run(
        { 'upload-files': lines, 'notes-from': 'none' },
        { files: tree },
      );
      expect(namesOf(outputs).sort()).toEqual(names.toSorted());
    },
  );

  scenario(
    'with the path of a workspace below a hidden folder, through a link',
    async ({ run }) => {
      const folder = mkdtempSync(join(tmpdir(), 'hidden-'));
      const workspace = join(folder, 'link', '.cache', 'app');
      symlinkSync('.', join(folder, 'link'));
      const lines = `${workspace}/dist/*\n${folder}/.cache/app/dist/*.log\n!${workspace}/**/*.gz\n${workspace}/#1/*`;
      const { outputs } = await run(
        { 'upload-files': lines, 'notes-from': 'none' },
        { files: { ...tree, '#1/app.msi': 'msi' }, workspace },
      );
      rmSync(folder, { recursive: true });
      expect(namesOf(outputs).sort()).toEqual(['app-1.2.3.zip', 'app.log', 'app.msi']);
    },
  );

  scenario('that leave nothing out are told', async ({ run }) => {
    const result = await run(
      { 'upload-files': 'dist/*.zip\n!dist/dbg/**', 'notes-from': 'none' },
      { files },
    );
    expect(warningsOf(result)).toEqual([
      'The line "!dist/dbg/**" of upload-files leaves no file out.',
    ]);
  });
});

scenario('more files than programs in C can hold are announced', async ({ run }) => {
  const many = Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`dist/${at}.bin`, 'x']));
  const result = await run({ 'upload-files': 'dist/*', 'notes-from': 'none' }, { files: many });
  expect(warningsOf(result)).toEqual([expect.stringContaining('will have 11 files')]);
});

scenario('a rate limit is waited for', async ({ api, run }) => {
  const answer = { status: 429, headers: { 'retry-after': '1' }, body: '' };
  api.fail({ method: 'PUT', times: 3, answer });
  const { outputs, stdout } = await run({ ...uploads, 'notes-from': 'none' }, { files });
  expect(outputs['result']).toBe('updated');
  expect(stdout.match(/Waiting 1 s for the rate limit of the host for files/g)).toHaveLength(3);
});

describe('upload-files', () => {
  scenarios(
    'refuses $name before any request',
    [
      {
        name: 'a pattern without a file',
        lines: 'dist/*\nbuild/*',
        says: /"build\/\*".*matches no file/,
      },
      { name: 'a folder', lines: 'dist', says: /"dist" of upload-files matches no file/ },
      { name: 'what is left out again', lines: 'dist/*\n!dist/*', says: /matches no file/ },
      { name: 'a path with ..', lines: '../secret', says: /cannot be read: Invalid pattern/ },
      { name: 'a file outside', lines: '/etc/passwd', says: /is outside the workspace/ },
      { name: 'a link that leads outside', lines: 'links/*', says: /leads outside the workspace/ },
      { name: "git's own folder", lines: '.git/config', says: /is in git's own folder/ },
      { name: 'a name with a space', lines: 'odd/*', says: /"odd\/my app\.zip".*has a name/ },
      { name: 'a short name', lines: 'short/*', says: /has a name that Cryptlex does not accept/ },
      { name: 'an empty file', lines: 'empty/*', says: /is empty/ },
      { name: 'two names in other cases', lines: 'a/*\nb/*', says: /would become one file/ },
      { name: 'a pipe', lines: 'pipes/*', says: /is not a regular file/ },
    ],
    async ({ run, api }, { lines, says }) => {
      const prepare = (workspace: string) => {
        const path = (...parts: string[]) => join(workspace, ...parts);
        writeFileSync(path('.git', 'config'), 'token');
        for (const folder of ['links', 'pipes']) mkdirSync(path(folder));
        symlinkSync('/etc/passwd', path('links', 'passwd'));
        execFileSync('mkfifo', [path('pipes', 'pipe')]);
      };
      const odd = { 'odd/my app.zip': 'x', 'short/ab': 'x', 'empty/app.zip': '' };
      const same = { 'a/App.zip': 'x', 'b/app.zip': 'x' };
      const step = { files: { ...files, ...odd, ...same }, prepare };
      expectFailure(await run({ 'upload-files': lines }, step), 'E_FILE', says);
      expect(api.requests).toEqual([]);
    },
  );

  scenario('needs a line without !', async ({ run }) => {
    const result = await run({ 'upload-files': '!dist/*.log\n# all' }, { files });
    expectFailure(result, 'E_CONFIG', 'upload-files must name a file or a pattern');
  });

  scenario('takes links inside the workspace, and a file once', async ({ api, id, run }) => {
    const prepare = (workspace: string) =>
      symlinkSync('App-1.2.3.zip', join(workspace, 'dist', 'latest.zip'));
    const given = { 'upload-files': 'dist/*.zip\ndist/latest.zip', 'notes-from': 'none' };
    const { outputs } = await run(given, { files, prepare });
    expect(outputs['result']).toBe('updated');
    expect(api.release(id)?.files).toMatchObject([
      { name: 'app-1.2.3.zip', checksum: md5Of('zip') },
      { name: 'latest.zip', checksum: md5Of('zip') },
    ]);
  });
});
