import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { projectRoot } from './support/repository.ts';

it('the library is what `import … from "dezgo-elt"` gives', async () => {
  const program = "import * as library from 'dezgo-elt'; console.log(Object.keys(library).sort().join(' '))";
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: projectRoot,
  });
  expect(stdout.trim().split(' ')).toEqual([
    'PipelineError',
    'Secret',
    'exitCodes',
    'loadConfig',
    'readTable',
    'realEffects',
    'resolveConfig',
    'runPipeline',
    'silentLog',
    'textReport',
  ]);
});
