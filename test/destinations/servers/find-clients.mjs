// Preloaded: what `import` does not find, it looks for in the folders of clients.
import { register } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const folders = Object.entries(process.env).flatMap(([name, value]) => (name.startsWith('TEST_CLIENTS_') ? value : []));
const places = folders.map((folder) => pathToFileURL(join(folder, 'x.mjs')).href);
if (places.length > 0) register('./clients-hook.mjs', import.meta.url, { data: places });
