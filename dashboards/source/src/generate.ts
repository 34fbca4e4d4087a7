import { readFileSync, writeFileSync } from 'node:fs';
import { collector } from './collector.js';
import { fleet } from './fleet.js';
import { run } from './run.js';

// Writes the dashboards; with --check, tells which of them are not what would be written.

const check = process.argv.includes('--check');
for (const [name, dashboard] of Object.entries({ collector, fleet, run })) {
  const file = new URL(`../../grafana/${name}.json`, import.meta.url);
  const json = JSON.stringify(dashboard, null, 2) + '\n';
  if (!check) {
    writeFileSync(file, json);
  } else if (readFileSync(file, 'utf8') !== json) {
    console.error(`dashboards/grafana/${name}.json is not what dashboards/source says: npm run generate`);
    process.exitCode = 1;
  }
}
