import type { ClientConfig } from '../../config/grammar/client-schema.ts';
import { shownText } from '../../config/variables.ts';
import { joinedUrl } from './url.ts';

/** Placeholders as they were written, but for variables that are no secrets; no query, which might hold one. */
export function shownUrl(client: ClientConfig | undefined, path: string): string {
  const url = joinedUrl(client?.base_url ?? '', path);
  return shownText(url, client).replace(/\?.*/s, '');
}
