/**
 * Reads changelogs in Markdown, reStructuredText, AsciiDoc, Textile, HTML headings and plain text: the
 * section of a version ({@link findSection}), the newest version ({@link newestVersion}), and why a
 * version has no section ({@link explainMissing}). Pure; takes linear time.
 */
export { explainMissing, type NearHeading, newestVersion } from './nearest.ts';
export { type ChangelogOptions, findSection, type Section } from './section.ts';
