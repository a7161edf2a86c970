// npm run bench [-- cold|unchanged|bulk|latency|children|postgres] [-- --runs N]: ratios within one run, so that a slow or busy machine does not matter.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { children } from './children.mjs';
import { latency } from './latency.mjs';
import { interleave, report } from './measure.mjs';
import { writePages } from './pages.mjs';
import { postgres } from './postgres.mjs';
import { list, runConfig } from './run-config.mjs';
import { unchanged } from './unchanged.mjs';

const PAGES = 200;
const RECORDS_PER_PAGE = 1000;

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '9' },
    cli: { type: 'string', multiple: true, default: [here('../dist/bin/cli.js')] },
  },
});
const runs = Number(values.runs);
const work = mkdtempSync(join(tmpdir(), 'dezgo-elt-bench-'));
const started = [];

try {
  if (positionals.length === 0 || positionals.includes('cold')) await cold();
  if (positionals.length === 0 || positionals.includes('unchanged')) {
    const config = here('../pipeline.config.yaml');
    await unchanged({ clis: values.cli, work, runs, start, bare: here('bare.mjs'), config });
  }
  if (positionals.length === 0 || positionals.includes('bulk')) await bulk();
  if (positionals.length === 0 || positionals.includes('latency')) {
    await latency({ cli: values.cli[0], work, runs, start, server: here('slow-server.mjs') });
  }
  // Minutes long: only when it is asked for.
  if (positionals.includes('children')) {
    const [server, asker] = [here('parents-server.mjs'), here('parents-asker.mjs')];
    await children({ clis: values.cli, work, runs, start, server, asker });
  }
  if (positionals.includes('postgres')) await postgres({ clis: values.cli, work, runs, ...(await nestedRecords()) });
} finally {
  for (const child of started) child.kill();
  rmSync(work, { recursive: true, force: true });
}

/** The three resources from the stand-in API into a file that does not exist yet. */
async function cold() {
  const { sandboxJobs, sandboxKey } = await import('../dist/sandbox/ids.js');
  const url = await start([here('../dist/bin/cli.js'), 'sandbox']);
  const folder = join(work, 'cold');
  const clean = () => rmSync(folder, { recursive: true, force: true });
  const contenders = [
    {
      name: 'bare Node: load the driver, open a file',
      args: [here('bare.mjs'), join(work, 'bare.duckdb')],
      before: () => rmSync(join(work, 'bare.duckdb'), { force: true }),
    },
    { name: 'node -e 0', args: ['-e', '0'] },
    ...values.cli.map((cli) => ({
      name: `run: models, account_tx_last, jobs`,
      args: [cli, 'run', '-c', here('../pipeline.config.yaml')],
      before: clean,
      env: {
        SOURCES__DEZGO_API_SOURCE__CLIENT__BASE_URL: url,
        DEZGO_API_KEY: sandboxKey,
        DEZGO_JOB_IDS: `${sandboxJobs.completed},${sandboxJobs.running}`,
        PIPELINE__WORKING_DIR: join(folder, 'working'),
        DESTINATION__DUCKDB__CREDENTIALS: join(folder, 'dezgo_api_pipeline.duckdb'),
      },
    })),
  ];
  report(`Cold run of three resources, ${runs} runs each, interleaved`, contenders, await interleave(contenders, runs));
}

/** 200,000 nested records over loopback to the live file, beside DuckDB's own SQL on the same bytes. */
async function bulk() {
  const { pages, url, title } = await nestedRecords();
  const folder = join(work, 'bulk');
  const config = join(work, 'bulk.yaml');
  writeFileSync(config, runConfig({ folder, client: `base_url: ${JSON.stringify(url)}`, resource: list }));
  const target = join(work, 'sql.duckdb');
  const contenders = [
    {
      name: "DuckDB's own SQL: read_json, unnest",
      args: [here('sql-limit.mjs'), pages, target],
      before: () => rmSync(target, { force: true }),
    },
    ...values.cli.map((cli) => ({
      name: 'run: loopback server → live file',
      args: [cli, 'run', '-c', config],
      before: () => rmSync(folder, { recursive: true, force: true }),
    })),
  ];
  report(title, contenders, await interleave(contenders, runs));
}

/** A server of pages that become 1.2 million rows in four tables. */
async function nestedRecords() {
  const pages = join(work, 'pages');
  const bytes = writePages(pages, PAGES, RECORDS_PER_PAGE);
  const url = await start([here('page-server.mjs'), pages]);
  const title = `${PAGES * RECORDS_PER_PAGE} nested records, ${(bytes / 1e6).toFixed(0)} MB in ${PAGES} pages, ${runs} runs each, interleaved`;
  return { pages, url, title };
}

/** Starts a server process; answers the address it prints. */
async function start(args) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk;
    const match = /http:\/\/127\.0\.0\.1:\d+\//.exec(`${text}/`);
    if (match !== null) return match[0];
  }
  throw new Error(`node ${args.join(' ')} printed no address`);
}
