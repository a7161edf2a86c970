import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pythonPackages } from './installed.mjs';
import { freePort, isListening, start } from './programs.mjs';

/** An emulator of Snowflake. */
export async function startFakesnow() {
  const folder = await pythonPackages('fakesnow', 'fakesnow[server]==0.12.1', 'snowflake-connector-python<5');
  const port = await freePort();
  const script = fileURLToPath(new URL('fakesnow_server.py', import.meta.url));
  const stop = await start(join(folder, 'bin', 'python'), [script, String(port)], () => isListening(port));
  const env = {
    TEST_SNOWFLAKE: 'snowflake://tester:invented-secret@test/elt',
    TEST_SNOWFLAKE_URL: `http://127.0.0.1:${port}`,
  };
  return { env, stop };
}
