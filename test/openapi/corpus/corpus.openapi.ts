import { readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadConfigText } from '../../../src/config/load-config.ts';
import { PipelineError } from '../../../src/errors.ts';
import { draftSource } from '../../../src/openapi/draft-source.ts';
import { LARGEST_DOCUMENT, parsedDocument } from '../../../src/scaffold/parse-document.ts';
import { sourceYaml } from '../../../src/scaffold/source-yaml.ts';
import { collection } from './collection.mjs';
import { countShares, newShares } from './shares.ts';

test('every document becomes a file that is valid, with the same bytes each time, or a clear error', async () => {
  const shares = newShares();
  const refused = new Map<string, number>();
  const invalid: string[] = [];
  let files = 0;
  for (const { name, path } of await collection()) {
    if (statSync(path).size > LARGEST_DOCUMENT) continue;
    const text = readFileSync(path, 'utf8');
    const root = parsedDocument(text, name);
    try {
      const draft = draftSource(root, { from: name });
      const yaml = sourceYaml(draft, './config.schema.json');
      files += 1;
      countShares(shares, root, draft.resources);
      expect(sourceYaml(draftSource(JSON.parse(text), { from: name }), './config.schema.json') === yaml, name).toBe(
        true,
      );
      await loadConfigText(yaml, '/nowhere', { env: {} }).catch(
        (error: unknown) => void invalid.push(`${name}: ${error}`),
      );
    } catch (error) {
      if (!(error instanceof PipelineError) || error.code !== 'UsageInvalid') throw error;
      const reason = error.message.replace(name, '…');
      refused.set(reason, (refused.get(reason) ?? 0) + 1);
    }
  }
  const percent = ({ found, of }: { found: number; of: number }) => Math.round((1000 * found) / of) / 10;
  console.log(`${files} files; refused: ${JSON.stringify([...refused])}`);
  for (const [what, share] of Object.entries(shares))
    console.log(`${what}: ${share.found} of ${share.of}, ${percent(share)} %`);
  expect(invalid).toEqual([]);
  expect(files).toBeGreaterThan(2000);
  expect(shares.silent.found).toBe(0);
  expect(percent(shares.lists)).toBeGreaterThanOrEqual(95);
  expect(percent(shares.paginators)).toBeGreaterThanOrEqual(59);
  expect(percent(shares.keys)).toBeGreaterThanOrEqual(66);
  expect(percent(shares.parents)).toBeGreaterThanOrEqual(62);
});
