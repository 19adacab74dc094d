/**
 * Prepares notes for readers outside their repository: leaves sub-sections out
 * ({@link excludeSections}), makes Markdown of other markups ({@link toMarkdown}) and of GitHub's emoji
 * ({@link withEmoji}), makes links and images work elsewhere ({@link makePortable}), makes plain text of
 * Markdown ({@link loadTextFormat}), keeps a limit ({@link fitNotes}). Pure; takes linear time.
 */
export type { Repository } from './addresses.ts';
export { type Converted, toMarkdown } from './convert.ts';
export { withEmoji } from './emoji.ts';
export { excludeSections, titlesOf } from './exclude.ts';
export { type FitOptions, type FittedNotes, fitNotes } from './fit.ts';
export { type Format, formatOf, unwrapNotes } from './format.ts';
export { type MissingTitle, missingTitles } from './near-titles.ts';
export { makePortable, type PortableContext } from './portable.ts';

/** Plain text for `notes-format: text`, which alone loads it. */
export const loadTextFormat = () => import('./text-format.ts');
