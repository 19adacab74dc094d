/**
 * Prepares notes for readers outside their repository: leaves sub-sections out
 * ({@link excludeSections}), makes Markdown of other markups ({@link toMarkdown}) and of GitHub's emoji
 * ({@link withEmoji}), makes links and images work elsewhere ({@link makePortable}), keeps a limit
 * ({@link fitNotes}). Pure; takes linear time.
 */
export { fileUrl, type Repository } from './addresses.ts';
export { type Converted, toMarkdown } from './convert.ts';
export type { TakenOut } from './edits.ts';
export { withEmoji } from './emoji.ts';
export { excludeSections, titlesOf } from './exclude.ts';
export { type FitOptions, type FittedNotes, fitNotes } from './fit.ts';
export { type Format, formatOf, unwrapNotes } from './format.ts';
export { type MissingTitle, missingTitles } from './near-titles.ts';
export { makePortable, type PortableContext } from './portable.ts';
