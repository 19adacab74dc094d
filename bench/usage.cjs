// Preloaded into what is measured: at its end it says what memory the process took and has loaded.
const { existsSync, readFileSync, writeFileSync } = require('node:fs');

const { USAGE_FILE } = process.env;
const status = '/proc/self/status';
process.on('exit', () => {
  const { maxRSS } = process.resourceUsage();
  // maxRSS may be that of the process that started this one; Linux knows this one's own as well.
  const own = existsSync(status) && /VmHWM:\s*(\d+)/.exec(readFileSync(status, 'utf8'))?.[1];
  const peak = Number(own || maxRSS);
  // `moduleLoadList` is undocumented; it names every built-in module that was loaded, by anyone.
  writeFileSync(USAGE_FILE, JSON.stringify({ peak, modules: process.moduleLoadList }));
});
