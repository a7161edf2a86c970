import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shippedProject } from '../support/project.ts';
import { query } from '../support/published.ts';
import { useSandbox } from '../support/sandbox.ts';

test('what the shipped configuration orders is a row, be it the image or a job, which is followed to its image', async () => {
  const { url, key } = await useSandbox();
  const { run, file, cwd } = await shippedProject(url, { DEZGO_API_KEY: key });
  const shipped = await readFile(join(cwd, 'pipeline.config.yaml'), 'utf8');
  const path = 'path: images/generate\n';
  // The service itself answers with the image whoever asks.
  await writeFile(join(cwd, 'image.yaml'), shipped.replace(path, `${path}        headers: { Accept: image/png }\n`));
  for (const config of ['image.yaml', 'pipeline.config.yaml'])
    expect(await run(['run', 'images_generate', '-c', config, '--allow-paid'])).toMatchObject({ code: 0 });
  for (const name of ['jobs', 'jobs', 'jobs', 'images_get'])
    expect(await run(['run', name])).toMatchObject({ code: 0 });
  const dataset = 'dezgo_api_data';
  const ordered = await query(
    file,
    'select status, width::integer as width, file from images_generate order by file',
    dataset,
  );
  expect(ordered).toEqual([
    { status: null, width: 1024, file: expect.stringMatching(/^files\/[0-9a-f]{2}\/[0-9a-f]{64}\.png$/) },
    { status: 'queued', width: null, file: null },
  ]);
  const images = await query(
    file,
    `select j.id = o.id as is_followed, i.width::integer as width, i.file from images_generate o join jobs j on j.id = o.id
     join jobs__result__images r on r._dlt_parent_id = j._dlt_id join images_get i on i.id = r.id`,
    dataset,
  );
  expect(images).toEqual([{ is_followed: true, width: 1024, file: expect.stringMatching(/\.png$/) }]);
  for (const { file: name } of [...ordered.slice(0, 1), ...images])
    expect((await readFile(join(cwd, String(name)))).subarray(1, 4).toString()).toBe('PNG');
});
