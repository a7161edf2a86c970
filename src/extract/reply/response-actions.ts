import type { ResponseAction } from '../../config/grammar/resource-schema.ts';
import type { Reply } from '../http/transport.ts';

/** True if an action matches: its status and its text in the body, both where both are given. */
export function isIgnored({ status, body }: Reply, actions: readonly ResponseAction[] = []): boolean {
  return actions.some(
    ({ status_code, content }) =>
      (status_code === undefined || [status_code].flat().includes(status)) &&
      (content === undefined || body.includes(content)),
  );
}
