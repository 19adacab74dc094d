// In a step that is started with this file, a limit of a minute is over after a second.
const { setTimeout } = globalThis;
globalThis.setTimeout = (act, ms, ...rest) => setTimeout(act, ms === 60_000 ? 1000 : ms, ...rest);
