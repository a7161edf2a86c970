import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ConfigFileInput } from '../../src/config/grammar/config-schema.ts';
import { realEffects, runPipeline, type Trace } from '../../src/index.ts';
import { query } from '../support/published.ts';
import { useServer } from '../support/server.ts';
import { tempFolder } from '../support/temp-folder.ts';

type Resource = Exclude<ConfigFileInput['source']['resources'][number], string>;

const paid = { method: 'POST', paid: true, data_selector: '$' } as const;
const each: Resource = {
  name: 'each',
  endpoint: { ...paid, path: 'each/{id}', params: { id: { type: 'values', from: [{ env: 'IDS' }] } } },
};
const once: Resource = { name: 'once', endpoint: { ...paid, path: 'once', json: { prompt: 'a lighthouse' } } };

async function useShop() {
  const { url, asked } = await useServer(({ path }) => ({ path }));
  const folder = await tempFolder();
  const file = join(folder, 'file.duckdb');
  const packages = join(folder, 'work', 'packages');
  let seen = 0;
  return {
    run: (ids: string, resources = ['each', 'once']): Promise<Trace> =>
      runPipeline(
        {
          pipeline: {
            name: 'shop',
            dataset_name: 'data',
            working_dir: join(folder, 'work'),
            archive: { keep: '7d' },
            destination: { type: 'duckdb', path: file },
          },
          source: { name: 's', client: { base_url: `${url}/` }, resources: [each, once] },
        },
        { effects: { ...realEffects, env: { IDS: ids } }, resources },
      ),
    /** As if the run had been killed before it loaded. */
    async unload({ packages: [loaded] }: Trace) {
      await rm(file);
      for (const name of await readdir(join(packages, 'loaded')))
        if (name.startsWith(loaded?.loadId ?? '-')) await rename(join(packages, 'loaded', name), join(packages, name));
    },
    /** Since this was last called. */
    asked() {
      const paths = asked.slice(seen).map(({ path }) => path);
      seen = asked.length;
      return paths;
    },
    rows: async () =>
      (await query(file, 'from each select path union all from once select path')).map((row) => row.path),
  };
}

it('what is paid for in a package that waits to be loaded is not paid for again by the run that loads it, whatever it asks for', async () => {
  const { run, unload, asked, rows } = await useShop();
  await unload(await run('a,b'));
  expect(asked()).toEqual(['/each/a', '/each/b', '/once']);

  const { exitCode, packages, resources } = await run('c,b,a', ['each']);
  expect({ exitCode, packages }).toMatchObject({ exitCode: 0, packages: [{ recovered: true }, { recovered: false }] });
  expect(asked()).toEqual(['/each/c']);
  expect(resources[0]?.notes).toEqual(['leaves out 2 ids that a run paid for and loaded before it was stopped']);
  const second = await run('a', ['once']);
  expect(asked()).toEqual([]);
  expect(second.resources[0]?.notes).toContain(
    'asks for nothing: a run paid for it and loaded it before it was stopped',
  );
  expect((await rows()).toSorted()).toEqual(['/each/a', '/each/b', '/each/c', '/once']);

  // Once a run came to the end, all is asked for again.
  expect(await run('a')).toMatchObject({ exitCode: 0 });
  expect(asked()).toEqual(['/each/a', '/once']);
});
