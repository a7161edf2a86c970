import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** Makes the virtual environment where it is missing. */
export default function environment(): void {
  const made = spawnSync('python3', [resolve(import.meta.dirname, 'with_dlt.py')], { stdio: 'inherit' });
  if (made.error !== undefined) throw new Error(`Python 3 is needed for the tests with dlt: ${made.error.message}`);
  if (made.status !== 0) throw new Error('The virtual environment with dlt could not be made; pip says why above.');
}
