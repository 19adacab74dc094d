/**
 * Prepares notes for readers outside their repository: leaves sub-sections out
 * ({@link loadExclude}), makes Markdown of other markups ({@link loadConverters}) and of GitHub's emoji
 * ({@link withEmoji}), makes links and images work elsewhere ({@link makePortable}), makes plain text of
 * Markdown ({@link loadTextFormat}), keeps a limit ({@link loadFit}). Pure, and linear but for what the
 * converters and {@link loadTextFormat} take, which have limits.
 */
export { fileUrl } from './addresses.ts';
export { type TakenOut, withEmoji } from './edits.ts';
export type { FitOptions, FittedNotes } from './fit.ts';
export { type Format, formatOf, unwrapNotes } from './format.ts';
export { makePortable, type PortableContext } from './portable.ts';

/** What leaves sub-sections out, for `exclude-sections`, which alone loads it. */
export const loadExclude = () => import('./exclude.ts');

/** What makes Markdown of other markups, which alone load it. */
export const loadConverters = () => import('./convert.ts');

/** What cuts notes that are too long, which alone load it. */
export const loadFit = () => import('./fit.ts');

/** Plain text for `notes-format: text`, which alone loads it. */
export const loadTextFormat = () => import('./text-format.ts');
