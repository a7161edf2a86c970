import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Secret } from '../../../src/config/secret.ts';
import { bigqueryClient } from '../../../src/destinations/warehouse/bigquery/bigquery-client.ts';
import { loadFile } from '../../../src/destinations/warehouse/bigquery/bigquery-load-job.ts';
import { sendJson, useServer } from '../../support/server.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const job = { jobReference: { projectId: 'shop', jobId: 'elt_1', location: 'EU' } };
const done = {
  ...job,
  configuration: { load: {} },
  status: { state: 'DONE' },
  statistics: { load: { outputRows: '2' } },
};
const there = { code: 409, message: 'Already Exists: Job shop:EU.elt_1', errors: [{ reason: 'duplicate' }] };

test('a file whose answer was lost on the way is sent once more under the same id, and the job that runs is waited for', async () => {
  let sent = 0;
  const { url, asked } = await useServer(({ method, path }, response) => {
    if (method === 'GET') return done;
    sent += 1;
    if (!path.startsWith('/upload/')) return undefined;
    return sent === 1 ? response.destroy() : sendJson(response, 409, { error: there });
  });
  const client = await bigqueryClient({
    credentials: {
      project_id: 'shop',
      client_email: undefined,
      private_key: Secret.missing('private_key', [], true),
      missing: undefined,
    },
    ...{ region: 'EU', endpoint: url, dataset: 'd' },
  });
  const path = join(await tempFolder(), 'rows.parquet');
  await writeFile(path, 'PAR1 rows PAR1');

  await loadFile(client, { path, rows: 2, dataset: 'd', table: 'elt_1', region: 'EU' });

  const uploads = asked.filter(({ method }) => method === 'POST');
  expect(uploads).toHaveLength(2);
  for (const { body } of uploads) {
    expect(body).toContain('"jobId":"elt_1"');
    expect(body).toContain('"createDisposition":"CREATE_NEVER"');
    expect(body).toContain('PAR1 rows PAR1');
  }
  expect(asked.find(({ method }) => method === 'GET')?.path).toContain('/jobs/elt_1');
});
