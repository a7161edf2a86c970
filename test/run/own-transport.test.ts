import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type HttpRequest, realEffects, runPipeline } from '../../src/index.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('a program can bring its own replies: nothing goes to the network', async () => {
  const folder = await tempFolder();
  const asked: string[] = [];
  const transport = async ({ method, url }: HttpRequest) => {
    asked.push(`${method} ${url}`);
    return { status: 200, headers: new Headers(), body: Buffer.from('[{"id": 1}, {"id": 2}]') };
  };
  const { failure, packages } = await runPipeline(
    {
      pipeline: { name: 'p', working_dir: join(folder, 'w'), destination: { path: join(folder, 'p.duckdb') } },
      source: { name: 's', client: { base_url: 'https://nowhere.invalid/' }, resources: ['models'] },
    },
    { effects: { ...realEffects, transport } },
  );
  expect(failure).toBeUndefined();
  expect(asked).toEqual(['GET https://nowhere.invalid/models']);
  expect(packages).toMatchObject([{ tables: [{ name: 'models', rows: 2 }] }]);
});
