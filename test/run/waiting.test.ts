import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Effects, realEffects } from '../../src/effects.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { jsonReport } from '../../src/report/json-report.ts';
import { textReport } from '../../src/report/text-report.ts';
import { sendJson, useServer } from '../support/server.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** A run against a server that refuses the first requests with the given replies. */
async function runAgainst(refusals: readonly { status: number; headers: Record<string, string> }[]) {
  const heard: string[] = [];
  const left = [...refusals];
  const { url } = await useServer(({ path }, response) => {
    heard.push(`server: asked for ${path}`);
    const refusal = left.shift();
    if (refusal === undefined) return [{ id: 1 }];
    sendJson(response.setHeaders(new Headers(refusal.headers)), refusal.status, {});
  });
  const folder = await tempFolder();
  const effects: Effects = {
    ...realEffects,
    env: {},
    random: () => 0.5,
    sleep: async () => undefined,
    log: { warn: (text) => heard.push(text), progress: (text) => heard.push(text) },
  };
  const trace = await runPipeline(
    {
      pipeline: {
        name: 'p',
        dataset_name: 'd',
        working_dir: join(folder, 'work'),
        destination: { type: 'duckdb', path: join(folder, 'file.duckdb') },
      },
      source: {
        name: 's',
        client: { base_url: `${url}/`, retry: { attempts: 3 } },
        resources: [{ name: 'models', endpoint: { path: 'models', data_selector: '$' } }],
      },
    },
    { effects },
  );
  return { trace, heard };
}

const busy = { status: 429, headers: { 'retry-after': '2' } };

describe('a run that has to wait', () => {
  test('says so while it happens, its first word before the first request', async () => {
    const { trace, heard } = await runAgainst([busy, busy]);
    expect(trace.exitCode).toBe(0);
    expect(heard).toEqual([
      'models: waiting for the first reply',
      'server: asked for /models',
      'models: 429 for GET /models, asked again in 2 s (attempt 2 of 3)',
      'server: asked for /models',
      'models: 429 for GET /models, asked again in 2 s (attempt 3 of 3)',
      'server: asked for /models',
      expect.stringMatching(/^models: GET \/models → 200, 1 record, [\d.]+ s$/),
      expect.stringMatching(/^loading package \d{10}\.\d{6}: 1 row$/),
    ]);
  });

  test('says so afterwards in the report and its JSON, by what the retries came after', async () => {
    const { trace } = await runAgainst([busy, { status: 503, headers: {} }]);
    const text = textReport(trace);
    expect(text).toContain('\n  models: 1 retry after 429, waited 2 s\n  models: 1 retry after 503, waited 1.5 s');
    expect(JSON.parse(jsonReport(trace)).resources).toMatchObject([
      {
        name: 'models',
        retries: [
          { after: '429', times: 1, waitedMilliseconds: 2000 },
          { after: '503', times: 1, waitedMilliseconds: 1500 },
        ],
        slowestRequest: { request: expect.stringMatching(/^GET http:.*\/models$/), milliseconds: expect.any(Number) },
      },
    ]);
  });

  test('in vain says so, too', async () => {
    const { trace } = await runAgainst([busy, busy, busy]);
    expect(trace).toMatchObject({ exitCode: 5, failure: { code: 'SourceThrottled' } });
    expect(textReport(trace)).toContain('\n  models: 2 retries after 429, waited 4 s');
  });
});
