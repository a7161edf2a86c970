import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resolveConfig } from '../../src/config/load-config.ts';
import { runSummary } from '../../src/report/run-summary.ts';
import { writeMetricsFile } from '../../src/telemetry/metrics-file.ts';
import { failedTrace, loadPackage, table, trace } from '../report/traces.ts';
import { tempFolder } from '../support/temp-folder.ts';

async function usePipeline() {
  const cwd = await tempFolder();
  const client = { base_url: 'https://api.example.com/', currency: 'Credits (€)' };
  const source = { name: 's', client, resources: ['a'] };
  return {
    cwd,
    file: join(cwd, 'm.prom'),
    config: await resolveConfig({ pipeline: { name: 'p' }, source }, { cwd, env: {} }),
  };
}

test('names that nobody would choose stay one label, a currency becomes a name', async () => {
  const { cwd, file, config } = await usePipeline();
  const tables = [table('a"b\\c\nd} 5', 3)];
  const summary = runSummary(trace({ packages: [loadPackage({ tables })], balance: 1.25 }));
  expect(await writeMetricsFile(file, summary, config)).toEqual([]);
  const text = await readFile(file, 'utf8');
  expect(text).toContain(String.raw`dezgo_elt_rows{pipeline="dezgo_api_pipeline",table="a\"b\\c\nd} 5"} 3`);
  expect(text).toContain('\ndezgo_elt_balance_credits____{pipeline="dezgo_api_pipeline"} 1.25\n');
  expect(text.endsWith('\n# EOF\n')).toBe(true);
  expect(await readdir(cwd)).toEqual(['m.prom']);
  expect((await stat(file)).mode & 0o444).toBe(0o444);
});

test('a failed run keeps when the last good one was, of its own pipeline, and of a damaged file nothing', async () => {
  const { file, config } = await usePipeline();
  const failed = runSummary(failedTrace());
  const kept = async (before: string) => {
    await writeFile(file, before);
    await writeMetricsFile(file, failed, config);
    return /^dezgo_elt_last_success_timestamp_seconds.* (.*)$/m.exec(await readFile(file, 'utf8'))?.[1];
  };
  const line = (pipeline: string, value: string) =>
    `dezgo_elt_last_success_timestamp_seconds{pipeline="${pipeline}"} ${value}\n`;
  expect(await kept(line('other', '1') + line('dezgo_api_pipeline', '1749667196.2'))).toBe('1749667196.2');
  expect(await kept(line('dezgo_api_pipeline', 'NaN'))).toBeUndefined();
  expect(await kept('\0\0\0')).toBeUndefined();
});

test('a folder that is not there is a sentence', async () => {
  const { cwd, config } = await usePipeline();
  const said = await writeMetricsFile(join(cwd, 'none', 'm.prom'), runSummary(trace()), config);
  expect(said).toEqual([
    expect.stringMatching(/^The metrics could not be written to .*: there is no such file or folder \(ENOENT\)$/),
  ]);
});
