import { filledText, type PlaceholderValues, placeholders } from '../text/placeholders.ts';
import type { ClientConfig } from './grammar/client-schema.ts';
import { Secret } from './secret.ts';
import { textsIn } from './texts-in.ts';

type WithVariables = Pick<ClientConfig, 'variables'> | undefined;

const PREFIX = 'variables.';

/** What a part of the configuration names in braces: `https://{variables.shop}.example.com` → `shop`. */
export function variablesIn(part: unknown): Set<string> {
  const expressions = textsIn(part).flatMap(placeholders);
  return new Set(expressions.flatMap((name) => (name.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : [])));
}

/** As it stands in braces. */
export function placeholderOf(variable: string): string {
  return `${PREFIX}${variable}`;
}

/** What the variables that a part names stand for, by what stands in their braces. Throws SecretMissing. */
export function variableValues(client: WithVariables, part: unknown): PlaceholderValues {
  return valuesOf(client, part, (secret) => secret.reveal());
}

/** The first secret that a text names. */
export function secretIn(text: unknown, { variables = {} }: NonNullable<WithVariables> = {}): Secret | undefined {
  if (text instanceof Secret) return text;
  if (Object.keys(variables).length === 0) return undefined;
  const named = [...variablesIn(text)].map((name) => (Object.hasOwn(variables, name) ? variables[name] : undefined));
  return named.find((value) => value instanceof Secret);
}

/** `base_url` as it is requested. Throws SecretMissing. */
export function baseUrlOf(client: Pick<ClientConfig, 'base_url' | 'variables'>): string {
  return filledText(client.base_url, variableValues(client, client.base_url));
}

/** A text as it may be shown: the placeholders of secrets stay. */
export function shownText(text: string, client: WithVariables): string {
  return filledText(
    text,
    valuesOf(client, text, () => undefined),
  );
}

// --- internal ---

function valuesOf(
  { variables = {} }: NonNullable<WithVariables> = {},
  part: unknown,
  reveal: (secret: Secret) => string | undefined,
): PlaceholderValues {
  if (Object.keys(variables).length === 0) return {};
  const named = [...variablesIn(part)].flatMap((name) => {
    const given = Object.hasOwn(variables, name) ? variables[name] : undefined;
    const value = given instanceof Secret ? reveal(given) : given;
    return value === undefined ? [] : [[placeholderOf(name), value] as const];
  });
  return Object.fromEntries(named);
}
