import { join } from 'node:path';

/** A configuration whose file and working folder are in `folder`; `client`, `resource` and `destination` are YAML on one line. */
export function runConfig({ folder, client, resource, destination = fileIn(folder) }) {
  return `
pipeline:
  name: bench
  dataset_name: data
  destination: ${destination}
  working_dir: ${JSON.stringify(join(folder, 'working'))}
source:
  name: source
  client: { ${client} }
  resources: [${resource}]
`;
}

/** A list of pages that tells how many there are. */
export const list =
  '{ name: models, endpoint: { path: models, data_selector: data, paginator: { type: page_number, base_page: 0, total_path: total } } }';

function fileIn(folder) {
  return `{ type: duckdb, path: ${JSON.stringify(join(folder, 'bench.duckdb'))} }`;
}
