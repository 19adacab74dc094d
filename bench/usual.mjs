// The same job the usual way: the toolkit as it is, a pattern for the section, no faults provided for.
// The benchmark packs it with ncc as it comes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as core from '@actions/core';
import { HttpClient } from '@actions/http-client';
import { BearerCredentialHandler } from '@actions/http-client/lib/auth';
import semver from 'semver';
import { z } from 'zod';

const release = z.object({
  id: z.string(),
  version: z.string(),
  name: z.string().nullish(),
  channel: z.string().nullish(),
  platforms: z.array(z.string()).nullish(),
  notes: z.string().nullish(),
  published: z.boolean().nullish(),
});

async function run() {
  const version = semver.parse(core.getInput('tag') || process.env.GITHUB_REF_NAME)?.version ?? '';
  const changelog = readFileSync(join(process.env.GITHUB_WORKSPACE ?? '', 'CHANGELOG.md'), 'utf8');
  const heading = new RegExp(`^## \\[?v?${version.replaceAll('.', '\\.')}\\b.*$`, 'm').exec(
    changelog,
  );
  if (!heading) throw new Error(`no section for ${version}`);
  const [notes = ''] = changelog.slice(heading.index + heading[0].length).split(/^## /m);

  const token = core.getInput('access-token', { required: true });
  core.setSecret(token);
  const client = new HttpClient('usual', [new BearerCredentialHandler(token)], { keepAlive: true });
  const base = `${core.getInput('api-url')}/v3/releases`;
  const query = new URLSearchParams({ productId: core.getInput('product-id'), version });
  const found = z.array(release).parse((await client.getJson(`${base}?${query}`)).result);
  if (found.length !== 1) throw new Error(`${found.length} releases`);
  const answer = await client.patchJson(`${base}/${found[0].id}`, {
    notes: notes.trim().slice(0, 4096),
  });
  const updated = release.parse(answer.result);
  client.dispose();

  core.setOutput('result', 'updated');
  for (const [name, value] of Object.entries(updated)) core.setOutput(name, value);
  await core.summary.addHeading(`Release ${version} updated`).addRaw(notes).write();
  core.info(`Release ${updated.id} updated.`);
}

run().catch((error) => core.setFailed(error));
