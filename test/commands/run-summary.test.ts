import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runsFile } from '../../src/ledger/runs-file.ts';
import { runSummarySchema } from '../../src/report/run-summary-schema.ts';
import { smallYaml, yamlProject } from '../support/project.ts';

test('run --summary also tells of runs that could not begin; runs.jsonl of those whose configuration could be read', async () => {
  const project = await yamlProject(
    smallYaml.replace('method: POST', 'method: POST, paid: true').replace('{ list: [] }', '{ list: [a] }'),
  );
  const summary = async (...args: string[]) => {
    const { code } = await project.run(['run', ...args, '--summary', 'summary.json']);
    const text = await readFile(join(project.cwd, 'summary.json'), 'utf8');
    return { code, ...runSummarySchema.strict().parse(JSON.parse(text)) };
  };
  const failed = (pipeline: string, code: string) => ({
    ...{ code: 2, exitCode: 2, outcome: 'failed', published: false, pipeline },
    failure: expect.objectContaining({ code }),
  });

  expect(await summary()).toMatchObject(failed('small', 'SecretMissing'));
  expect(await summary('images')).toMatchObject(failed('small', 'PaymentNotAllowed'));
  await writeFile(join(project.cwd, 'pipeline.config.yaml'), 'pipeline: {}');
  expect(await summary()).toMatchObject(failed('', 'ConfigInvalid'));

  const lines = (await readFile(runsFile(join(project.cwd, '.dezgo-elt')), 'utf8')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).failure.code)).toEqual(['SecretMissing', 'PaymentNotAllowed']);
});
