// How the cost grows with what a step is given.

import { findSection } from '../build/src/changelog/index.js';
import { fitNotes } from '../build/src/markdown/fit.js';
import { makePortable } from '../build/src/markdown/index.js';
import { measureStep, medianOf } from './measure.mjs';
import { changelogOf, hostileTexts } from './texts.mjs';
import { startVendor } from './vendor.mjs';

/** Steps with larger and larger changelogs, products and matches; prints a row for each. */
export async function measureGrowth(rounds) {
  console.log(
    '\n| a step with | ms wall | ms CPU | MiB | requests |\n| --- | --- | --- | --- | --- |',
  );
  const vendor = await startVendor();
  const careless = await startVendor('--ignore-filters');
  let products = 0;
  try {
    for (const [name, bytes] of Object.entries({
      '10 KB': 10e3,
      '100 KB': 100e3,
      '1 MB': 1e6,
      '5 MB': 5e6,
    })) {
      await measureRow(`a changelog of ${name}`, vendor, {
        files: { 'CHANGELOG.md': changelogOf(bytes) },
      });
    }
    for (const count of [1, 100, 5000]) {
      await measureRow(`a product of ${count} release${count === 1 ? '' : 's'}`, vendor, {
        others: count - 1,
      });
      await measureRow('the same, filters ignored', careless, { others: count - 1 });
    }
    for (const count of [1, 10, 100]) {
      const others = { others: count - 1, version: '1.2.3', with: { match: 'all' } };
      await measureRow(`match: all with ${count}`, vendor, others);
    }
  } finally {
    await vendor.close();
    await careless.close();
  }

  async function measureRow(name, { url, token, trust, addReleases, countRequests }, given) {
    const results = [];
    let requests = 0;
    for (let round = 0; round < (given.others > 1000 || given.with ? 1 : rounds); round += 1) {
      products += 1;
      const productId = `product-${products}`;
      await addReleases({ productId, version: given.version ?? '0.0.1' }, given.others ?? 0);
      await addReleases({ productId, version: '1.2.3' }, 1);
      const before = await countRequests();
      results.push(
        await measureStep({
          tag: 'v1.2.3',
          files: given.files ?? { 'CHANGELOG.md': changelogOf(94_000) },
          with: { 'api-url': url, 'access-token': token, 'product-id': productId, ...given.with },
          env: trust,
        }),
      );
      requests = (await countRequests()) - before;
    }
    const [wall, cpu, memory] = ['wall', 'cpu', 'memory'].map((figure) =>
      medianOf(results, figure).toFixed(0),
    );
    console.log(`| ${name} | ${wall} | ${cpu} | ${memory} | ${requests} |`);
  }
}

/** Texts of a megabyte that make a careless reader slow; prints milliseconds for each. */
export function measureHostile() {
  console.log(
    '\n| a megabyte of | ms findSection | ms makePortable | ms fitNotes |\n| --- | --- | --- | --- |',
  );
  const large = { 'a changelog': changelogOf(1e6), 'a changelog, 10 MB': changelogOf(10e6) };
  for (const [name, text] of Object.entries({ ...hostileTexts, ...large })) {
    const context = { source: text, repository: undefined, ref: 'v1.2.3', path: 'CHANGELOG.md' };
    const times = [
      time(() => findSection(text, '1.2.3')),
      time(() => makePortable(text, context)),
      time(() => fitNotes(text, { limit: 4096, link: 'https://example.com/notes' })),
    ];
    console.log(`| ${name.replaceAll('`', '\\`')} | ${times.join(' | ')} |`);
  }
}

function time(run) {
  const started = performance.now();
  run();
  return (performance.now() - started).toFixed(0);
}
