/**
 * Reads changelogs in Markdown, reStructuredText, AsciiDoc, Textile, HTML and plain text. Pure; linear.
 */
export { explainMissing, type NearHeading, newestVersion } from './nearest.ts';
export { findSection, type Section } from './section.ts';
