import { includedName } from '../../config/parents.ts';
import type { Json } from '../../json/json-value.ts';
import { parentField } from '../../text/parent-field.ts';
import type { Values } from '../http/url.ts';

/**
 * What a request was for, as members of a record that does not say it itself: `{id}` is `id`, `{region.code}` is `region_code`, and a
 * field of a parent has the key that `include_from_parent` gives it.
 */
export function valueMembers(values: Values): Record<string, Json> {
  const asked = Object.entries(values).filter(([key]) => !key.startsWith('incremental.'));
  return Object.fromEntries(asked.map(([key, value]) => [memberName(key), value]));
}

// --- internal ---

function memberName(key: string): string {
  const parent = parentField(key);
  return parent === undefined ? key.replaceAll('.', '_') : includedName(parent.resource, parent.field);
}
