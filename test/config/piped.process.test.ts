import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { unusual } from '../support/unusual.ts';
import { withResources } from './loading.ts';

test('a configuration that another program writes into a pipe is read to its end', async () => {
  const cwd = await tempFolder({ 'good.yaml': withResources('- a') });
  await unusual['a FIFO'](join(cwd, 'c.yaml'));
  const writer = spawn('sh', ['-c', '{ head -c 30 good.yaml; sleep 0.2; tail -c +31 good.yaml; } > c.yaml'], { cwd });
  expect((await loadConfig('c.yaml', { cwd, env: {} })).pipeline.name).toBe('shop');
  writer.kill();
});
