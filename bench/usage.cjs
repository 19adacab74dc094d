// Preloaded into what is measured: at its end it says what the process took and has loaded.
const { writeFileSync } = require('node:fs');

const { USAGE_FILE } = process.env;
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const cpu = (userCPUTime + systemCPUTime) / 1000;
  // `moduleLoadList` is undocumented; it names every built-in module that was loaded, by anyone.
  writeFileSync(USAGE_FILE, JSON.stringify({ cpu, maxRSS, modules: process.moduleLoadList }));
});
