// Texts to measure with.

/** A changelog of about that many bytes; the section of 1.2.3 is near its top. */
export function changelogOf(bytes) {
  const sections = ['# Changelog\n\nAll notable changes.\n', section('1.2.4'), section('1.2.3')];
  let length = sections.join('\n').length;
  for (let patch = 999; length < bytes; patch -= 1) {
    const older = section(`0.${1000 - Math.floor(length / 1000)}.${patch}`);
    sections.push(older);
    length += older.length + 1;
  }
  return sections.join('\n');
}

/** The same in the form of release-please: links in every heading and entry. */
export function generatedChangelogOf(bytes) {
  const sections = ['# Changelog\n', generated('1.2.4', '1.2.3'), generated('1.2.3', '1.2.2')];
  let length = sections.join('\n').length;
  for (let patch = 9999; length < bytes; patch -= 1) {
    const older = generated(`0.9.${patch}`, `0.9.${patch - 1}`);
    sections.push(older);
    length += older.length + 1;
  }
  return sections.join('\n');
}

function generated(version, previous) {
  const home = 'https://github.com/octo/app';
  const hash = '0123456789abcdef0123456789abcdef01234567';
  const entries = ['parser', 'server', 'client'].map(
    (part, at) =>
      `* **${part}:** keep the order of entries ([#4${at}](${home}/issues/4${at})) ([${hash.slice(0, 7)}](${home}/commit/${hash}))`,
  );
  return `## [${version}](${home}/compare/v${previous}...v${version}) (2026-11-20)\n\n\n### Features\n\n${entries.join('\n')}\n\n\n### Bug Fixes\n\n${entries.join('\n')}\n`;
}

function section(version) {
  const entries = ['parser', 'server', 'client', 'installer'].map(
    (part) =>
      `- **${part}:** keep the order of entries ([#42](https://example.com/issues/42)), see \`docs/${part}.md\``,
  );
  return `## [${version}] - 2026-11-20\n\n### Added\n\n${entries.join('\n')}\n\n### Fixed\n\n${entries.join('\n')}\n`;
}

/** A megabyte of what makes a careless reader slow, by name. */
export const hostileTexts = Object.fromEntries(
  [
    ['<!--', '<!--'],
    ['[', '['],
    ['>', '>'],
    ['`', '`'],
    ['*a ', '*a '],
    ['spaces', ' '],
    ['[](', '[]('],
    ['<a ', '<a '],
    ['lines of -', '-\n'],
  ].map(([name, part]) => [name, part.repeat(Math.floor(1_000_000 / part.length))]),
);
