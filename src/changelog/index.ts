/**
 * Reads changelogs in Markdown, reStructuredText, AsciiDoc, Textile, HTML and plain text. Pure; linear.
 */
export type { NearHeading } from './nearest.ts';
export { type ChangelogOptions, findSection, type Section } from './section.ts';

/** What explains a missing section and finds the newest version, for the runs that need it. */
export const loadNearest = () => import('./nearest.ts');
