/**
 * Prepares Markdown for readers outside its repository: leaves sub-sections out
 * ({@link excludeSections}), makes links and images work elsewhere ({@link makePortable}), keeps a
 * limit ({@link fitNotes}). Pure; takes linear time.
 */
export type { Repository } from './addresses.ts';
export { excludeSections } from './exclude.ts';
export { type FitOptions, type FittedNotes, fitNotes } from './fit.ts';
export { makePortable, type PortableContext } from './portable.ts';
