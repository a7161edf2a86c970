import { loadConfigText } from '../config/load-config.ts';
import type { Effects } from '../effects.ts';
import { draftSource } from '../openapi/draft-source.ts';
import type { DraftedSource } from '../openapi/drafted-source.ts';
import { secretNames } from './auth-yaml.ts';
import type { DocumentText } from './fetch-document.ts';
import { parsedDocument } from './parse-document.ts';
import { schemaFor } from './schema-line.ts';
import { secretsExample } from './secrets-example.ts';
import { sourceYaml } from './source-yaml.ts';

export interface DraftedFiles {
  readonly draft: DraftedSource;
  readonly config: string;
  readonly secrets: string;
  /** Names of the secrets. */
  readonly keys: readonly string[];
  /** What asking once brought. */
  readonly sample?: SampleOutcome;
  /** The configuration as it is without a sample. */
  readonly unsampled?: string;
}

interface SampleOutcome {
  /** Requests that were sent. */
  readonly requests: number;
  /** Resources whose selector the document had wrong. */
  readonly corrected: readonly string[];
  /** Resources that were refused (401, 403), though others were answered. */
  readonly refused: readonly string[];
}

export interface DraftFilesOptions {
  /** What messages call the document. */
  readonly from: string;
  /** Absolute: where the files will be. */
  readonly folder: string;
  /** Asks each list once, and believes what comes. */
  readonly sample:
    | { readonly effects: Effects; readonly signal: AbortSignal; readonly secretsFile?: string }
    | undefined;
}

/** A configuration and an example of its secrets from an OpenAPI document. */
export async function draftedFiles({ text, origin }: DocumentText, options: DraftFilesOptions): Promise<DraftedFiles> {
  const { from, folder, sample } = options;
  const root = parsedDocument(text, from);
  const schema = schemaFor(folder);
  const first = draftSource(root, { from, origin });
  if (sample === undefined) return filesOf(first, schema);
  const { effects, signal, secretsFile } = sample;
  const unsampled = sourceYaml(first, schema);
  const config = await loadConfigText(unsampled, folder, {
    env: effects.env,
    ...(secretsFile !== undefined && { secretsFile }),
  });
  const { sampleLists } = await import('./sample-lists.ts'); // DuckDB comes with it
  const { samples, requests, refused } = await sampleLists(first, config, { effects, signal });
  const draft = draftSource(root, { from, origin, samples });
  const corrected = draft.resources
    .filter(({ selector }, index) => selector.value !== first.resources[index]?.selector.value)
    .map(({ name }) => name);
  return { ...filesOf(draft, schema), unsampled, sample: { requests, corrected, refused } };
}

// --- internal ---

function filesOf(draft: DraftedSource, schema: string): DraftedFiles {
  const auths = [
    draft.auth,
    ...draft.resources.flatMap(({ auth }) => (auth === undefined || auth === 'none' ? [] : [auth])),
  ];
  const keys = secretNames(auths);
  return { draft, config: sourceYaml(draft, schema), secrets: secretsExample(`${draft.name}_source`, keys), keys };
}
