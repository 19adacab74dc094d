import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findChangelog } from '../src/files.ts';

let workspace = '';
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'workspace-'));
  chmodSync(workspace, 0o755);
});
afterEach(() => {
  chmodSync(join(workspace, 'docs'), 0o755);
  rmSync(workspace, { recursive: true });
});

/** A folder that the user of the step may not enter, such as the data of a container. */
function lockDocs(): void {
  mkdirSync(join(workspace, 'docs'));
  chmodSync(join(workspace, 'docs'), 0o000);
}

/** Root may enter every folder. */
function asOtherUser<Result>(work: () => Result): Result {
  const user = process.geteuid?.();
  if (user === 0) process.seteuid?.(65_534);
  try {
    return work();
  } finally {
    if (user === 0) process.seteuid?.(user);
  }
}

test('a folder that cannot be entered is no checkout, and hides none', () => {
  lockDocs();
  mkdirSync(join(workspace, 'app/.git'), { recursive: true });
  writeFileSync(join(workspace, 'app/CHANGELOG.md'), '## 1.2.3\n');
  expect(asOtherUser(() => findChangelog(workspace))).toBe('app/CHANGELOG.md');
});

test('docs that cannot be read have no changelog', () => {
  lockDocs();
  mkdirSync(join(workspace, '.git'));
  expect(asOtherUser(() => findChangelog(workspace))).toBeUndefined();
});
