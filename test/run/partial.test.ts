import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ConfigFileInput } from '../../src/config/grammar/config-schema.ts';
import { readLedger } from '../../src/ledger/read-ledger.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { failureLine } from '../../src/report/failure-line.ts';
import { jsonReport } from '../../src/report/json-report.ts';
import { textReport } from '../../src/report/text-report.ts';
import { isoTime } from '../../src/text/iso-time.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** `good` loads; `frozen` breaks its contract; the rest is published all the same. */
const partial = (folder: string): ConfigFileInput => ({
  pipeline: {
    name: 'p',
    dataset_name: 'd',
    working_dir: join(folder, 'work'),
    destination: { type: 'duckdb', path: join(folder, 'file.duckdb') },
    on_resource_failure: 'continue',
  },
  source: {
    name: 's',
    resources: [
      { name: 'good', data: () => [{ id: 1 }] },
      { name: 'frozen', schema_contract: { tables: 'freeze' }, data: () => [{ id: 1 }] },
    ],
  },
});

describe('a run that published everything but one resource', () => {
  test('gives the reason as its failure: in the trace, its JSON, and the ledger', async () => {
    const folder = await tempFolder();
    const trace = await runPipeline(partial(folder));
    const failure = {
      code: 'ResourceFailed',
      message: expect.stringMatching(/^Everything else was published, but this failed: frozen\. The schema contract /),
      loadId: trace.packages[0]?.loadId,
    };
    expect(trace).toMatchObject({ exitCode: 3, published: true, failure });
    expect(JSON.parse(jsonReport(trace))).toMatchObject({ exitCode: 3, failure });
    const { lastRuns = [] } = await readLedger(join(folder, 'work'));
    expect(lastRuns).toMatchObject([{ exitCode: 3, failureCode: 'ResourceFailed', message: failure.message }]);
    const times = [lastRuns[0]?.startedAt, lastRuns[0]?.finishedAt].map((time) => isoTime(time ?? 0));
    expect(JSON.parse(jsonReport(trace))).toMatchObject({ startedAt: times[0], finishedAt: times[1] });
  });

  test('never says that nothing was published', async () => {
    const trace = await runPipeline(partial(await tempFolder()));
    expect(trace.failure).toBeDefined();
    const said = [textReport(trace), ...(trace.failure === undefined ? [] : [failureLine(trace.failure)])].join('\n');
    expect(said).toContain('frozen: failed: The schema contract');
    expect(said).not.toMatch(/nothing was published/i);
  });
});
