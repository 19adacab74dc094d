import { createHash } from 'node:crypto';
import { expect } from '@jest/globals';
import type { FailureRule } from '../../sandbox/failures.ts';
import type { Release } from '../../sandbox/release.ts';
import type { Step } from '../../sandbox/runner.ts';
import type { SandboxOptions } from '../../sandbox/server.ts';
import { inWorld, until, type World } from './isolated.ts';
import { changelogOf, errorOf, notesOf, type Scenario } from './scenario.ts';

/** More than the buffers of a connection hold. */
export const content = Buffer.alloc(6_000_000, 'Bytes of an app. ');
export const checksum = md5Of(content);

/** The MD5 of a text, in hex. */
export function md5Of(bytes: string | Buffer): string {
  return createHash('md5').update(bytes).digest('hex');
}

/** A file of a release, as the vendor writes it. */
export function fileOf(name: string, bytes: string | Buffer): Release['files'][number] {
  const time = '2026-11-20T10:00:00.000Z';
  return {
    id: `file-${name}`,
    createdAt: time,
    updatedAt: time,
    name,
    url: `https://files.example/${name}`,
    size: bytes.length,
    downloads: 0,
    extension: '.zip',
    checksum: md5Of(bytes),
    secured: true,
    published: false,
    releaseId: '',
    releaseName: '',
  };
}

/** What happens while a file is uploaded and the release published, and how the step has to end. */
export interface Fault {
  readonly name: string;
  readonly put?: FailureRule;
  readonly publish?: FailureRule;
  readonly others?: readonly FailureRule[];
  /** Another one than {@link content}. */
  readonly content?: Buffer;
  readonly sandbox?: SandboxOptions;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Step['env'];
  /** What someone else does once the PUT is there. */
  readonly meanwhile?: (world: World, workspace: string) => void;
  /** `result`, `error-code`, how often the file was sent, and how often the publication. */
  readonly ends: readonly [result: string, code: string, puts: number, posts: number];
  readonly says?: RegExp;
}

/**
 * Plays a run that updates a release, uploads `App.zip` and publishes, and holds it to what must be
 * true of every run: nothing half, nothing twice, never published with something missing.
 */
export async function play(fault: Fault): Promise<void> {
  await inWorld(fault.sandbox ?? {}, async (world) => {
    const { api, id, path } = world;
    api.change(id, { platforms: ['linux'] });
    if (fault.put) api.fail({ method: 'PUT', ...fault.put });
    if (fault.publish) api.fail({ method: 'POST', path: `${path}/publish`, ...fault.publish });
    for (const rule of fault.others ?? []) api.fail(rule);
    let workspace = '';
    const { meanwhile } = fault;
    const isSent = () => api.requests.some(({ method }) => method === 'PUT');
    if (meanwhile) void until(isSent).then(() => meanwhile(world, workspace));
    const result = await world.run(
      { 'upload-files': 'dist/*', publish: 'true', ...fault.with },
      {
        files: { 'CHANGELOG.md': changelogOf('1.2.3'), 'dist/App.zip': fault.content ?? content },
        env: fault.env ?? {},
        prepare: (folder) => {
          workspace = folder;
        },
      },
    );
    const count = (method: string) =>
      api.requests.filter((request) => request.method === method).length;
    const { outputs } = result;
    const [wanted, code, puts, posts] = fault.ends;
    expect([
      ...[outputs['result'], outputs['error-code'], count('PUT'), count('POST')],
      errorOf(result),
    ]).toEqual([
      ...[wanted, code, puts, posts],
      fault.says ? expect.stringMatching(fault.says) : expect.anything(),
    ]);
    expectSound(world, result);
  });
}

function expectSound({ api, id }: World, { outputs }: Scenario): void {
  const now = api.release(id);
  const whole = { name: 'app.zip', size: content.length, checksum };
  // A file of that name is there once, whole, or not at all; but for one of someone else.
  expect(now?.files.filter(({ id: file }) => !file.startsWith('file-')) ?? []).toEqual(
    api.storedFiles().map(() => expect.objectContaining(whole)),
  );
  const uploaded = [{ 'release-id': id, ...whole }];
  if (outputs['result'] === 'updated') {
    expect(now).toMatchObject({ published: true, notes: notesOf('1.2.3'), files: [whole] });
    expect(JSON.parse(outputs['uploaded-files'] ?? '')).toEqual(uploaded);
    expect(outputs).toMatchObject({
      published: 'true',
      'changed-fields': '["notes","files","published"]',
      'total-files': '1',
    });
  } else {
    const said = JSON.parse(outputs['uploaded-files'] ?? '');
    expect([[], uploaded]).toContainEqual(said);
    const changed = ['notes', ...(said.length > 0 ? ['files'] : [])];
    expect(JSON.parse(outputs['changed-fields'] ?? '').slice(0, 2)).toEqual(changed);
    // What is called uploaded is there.
    if (said.length > 0) expect(api.storedFiles()).toEqual([`${id}/app.zip`]);
  }
  // Whatever becomes of it, a publication is only asked for when everything is there.
  if (api.requests.some(({ method }) => method === 'POST')) {
    expect(now).toMatchObject({ notes: notesOf('1.2.3'), files: [whole] });
  }
}
