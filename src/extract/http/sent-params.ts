import type { ClientConfig } from '../../config/grammar/client-schema.ts';
import { Secret } from '../../config/secret.ts';
import { isBoundParam, isIncrementalParam } from '../../config/values-param.ts';
import { secretIn } from '../../config/variables.ts';
import { filledText, filledValue, placeholders } from '../../text/placeholders.ts';
import type { Endpoint } from '../endpoint.ts';
import type { PlainParam, Values } from './url.ts';

/** The parameters of an endpoint as one request sends them. */
interface SentParams {
  /** What the path takes by name, the values of the request among it. */
  readonly inPath: Values;
  readonly query: Readonly<Record<string, PlainParam>>;
  /** Of the query, what holds a secret; of a list with one, every item. */
  readonly secret: readonly SecretParam[];
}

interface SecretParam {
  readonly name: string;
  readonly value: string;
  readonly origin: string | undefined;
}

export function sentParams(
  { path, params = {} }: Endpoint,
  values: Values,
  client: Pick<ClientConfig, 'variables'> | undefined,
): SentParams {
  const named = new Set(placeholders(path));
  const inPath: Record<string, Values[string]> = { ...values };
  const query: Record<string, PlainParam> = {};
  const secret: SecretParam[] = [];
  for (const [name, param] of Object.entries(params)) {
    if (isBoundParam(param) || isIncrementalParam(param)) continue; // stands where a placeholder names it
    const items = [param].flat().map((item) => ({ name, ...asSent(item, values, client) }));
    const sent = items.map(({ value }) => value);
    const [first = null] = sent;
    if (!named.has(name)) {
      if (items.some(({ isSecret }) => isSecret))
        secret.push(...items.map((item) => ({ ...item, value: `${item.value}` })));
      else query[name] = Array.isArray(param) ? sent : first;
    } else if (first !== null && !Array.isArray(param)) inPath[name] = first;
  }
  return { inPath, query, secret };
}

// --- internal ---

function asSent(
  item: string | number | boolean | null | Secret,
  values: Values,
  client: Pick<ClientConfig, 'variables'> | undefined,
) {
  const secret = secretIn(item, client);
  const text = item instanceof Secret ? item.reveal() : item;
  const isLeftOut = typeof item === 'string' && filledValue(item, values) === null;
  const filled = typeof item === 'string' ? filledText(item, values) : text;
  const value = isLeftOut ? null : filled;
  return { value, origin: secret?.origin, isSecret: secret !== undefined };
}
