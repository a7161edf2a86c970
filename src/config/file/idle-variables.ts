import type { z } from 'zod';
import { nearest } from '../../text/nearest.ts';
import type { ConfigWarning } from '../pipeline-config.ts';
import { nearestRest, placeOf } from './addressing.ts';
import { aliases } from './environment.ts';
import type { Located } from './located-tree.ts';

export interface Addressable {
  /** Its name. */
  readonly source: string;
  /** Variables that a secret is looked for in. */
  readonly secrets: ReadonlySet<string>;
  readonly schema: z.core.$ZodType;
  readonly tree: Located;
  /** Where a variable stands, where that is not the environment. */
  readonly placeOf: (variable: string) => string | undefined;
}

/**
 * Warnings about variables that are meant for this configuration by their beginning and set nothing in it, with the nearest
 * name that would. Values are never shown.
 */
export function idleVariables(variables: readonly string[], addressable: Addressable): ConfigWarning[] {
  return variables
    .filter((variable) => !addressable.secrets.has(variable))
    .map((variable) => {
      const close = nearestOf(variable, addressable);
      const meant = close === undefined ? '' : `, did you mean \`${close}\`?`;
      return {
        at: addressable.placeOf(variable) ?? `environment ${variable}`,
        message: `addresses nothing here and is ignored${meant}`,
      };
    });
}

/** The name that a variable which sets nothing most likely was meant for. */
export function nearestOf(
  variable: string,
  { source, secrets, schema, tree }: Omit<Addressable, 'placeOf'>,
): string | undefined {
  const place = placeOf(variable, source, schema, tree);
  const rest = place === undefined ? undefined : nearestRest(place);
  if (place === undefined || rest === undefined) return nearest(variable, [...secrets, ...Object.keys(aliases)]);
  return variable.slice(0, variable.length - place.rest.length) + rest;
}
