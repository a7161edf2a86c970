import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from './temp-folder.ts';

/** A folder with a `pipeline.config.yaml` of one resource, removed when the test ends. */
export async function projectFolder(config = smallConfig): Promise<string> {
  const folder = await tempFolder();
  await writeFile(join(folder, 'pipeline.config.yaml'), config);
  return folder;
}

export const smallConfig = `
pipeline:
  name: small
  dataset_name: data
  destination: { type: duckdb, path: file.duckdb }
source:
  name: shop
  client:
    base_url: http://127.0.0.1:9/
    auth: { type: api_key, name: X-Key, api_key: { secret: api_key, env: SHOP_KEY } }
  resources:
    - name: models
      primary_key: id
      write_disposition: merge
      endpoint: { path: models, data_selector: data, fallbacks: [{ path: info, data_selector: models }] }
    - name: images
      selected: false
      endpoint: { path: "images/{id}", method: POST, params: { id: { type: values, from: [{ list: [] }] } } }
`;
