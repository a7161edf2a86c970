import type { Path } from '../file/located-tree.ts';
import type { ClientConfig } from '../grammar/client-schema.ts';
import type { ResolvedResource } from '../pipeline-config.ts';
import type { Finding } from './finding.ts';

/** A path that begins with what `base_url` ends with: `…/v1` and `v1/models` make `/v1/v1/models`. */
export function repeatedSegments({ endpoint }: ResolvedResource, client: ClientConfig | undefined): Finding[] {
  const last = client?.base_url.split('/').findLast((part) => part !== '');
  const version = last !== undefined && /^(v\d[\w.-]*|api|rest)$/i.test(last) ? last : undefined;
  if (endpoint === undefined || version === undefined) return [];
  const { fallbacks = [], path } = endpoint;
  const ofFallbacks = fallbacks.flatMap((fallback, index) =>
    check(fallback.path, version, ['endpoint', 'fallbacks', index, 'path']),
  );
  return [...check(path, version, ['endpoint', 'path']), ...ofFallbacks];
}

// --- internal ---

function check(path: string | undefined, version: string, at: Path): Finding[] {
  const [, first] = /^\/*([^/?#]+)/.exec(path ?? '') ?? [];
  if (first?.toLowerCase() !== version.toLowerCase()) return [];
  return [
    { path: at, message: `\`base_url\` ends with \`${version}\` as well: the address is \`…/${version}/${first}…\`` },
  ];
}
