import { PipelineError } from '../../errors.ts';
import type { Json } from '../../json/json-value.ts';
import type { Answer } from '../http/exchange.ts';
import type { SecretMask } from '../http/secret-mask.ts';
import { declaredError } from './error-text.ts';

/** What a GraphQL reply says went wrong. */
export interface GraphqlErrors {
  readonly said: string;
  /** It has data all the same. */
  readonly isPartial: boolean;
}

/** The errors of a GraphQL reply (https://spec.graphql.org/October2021/#sec-Response-Format); undefined for any other. */
export function graphqlErrors(body: Json, mask: SecretMask): GraphqlErrors | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  if (!('errors' in body) || !isErrors(body.errors)) return undefined;
  if (!Object.keys(body).every((key) => ['data', 'errors', 'extensions'].includes(key))) return undefined;
  return { said: mask.quote(declaredError(body)), isPartial: 'data' in body && hasValue(body.data) };
}

export function graphqlFailed({ request, status }: Answer, said: string): PipelineError {
  return new PipelineError({
    code: 'ReplyUnusable',
    message: `${request} was answered with GraphQL errors and no data: ${said}`,
    hint: 'Correct the query and its variables in `json`, or what the key may do.',
    facts: { request, status, detail: said },
  });
}

// --- internal ---

function isErrors(errors: unknown): boolean {
  return (
    Array.isArray(errors) &&
    errors.length > 0 &&
    errors.every((error: unknown) => typeof error === 'object' && error !== null && 'message' in error)
  );
}

/** Null, or an object of nothing but nulls: what the errors left of the data. */
function hasValue(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return data !== undefined && data !== null;
  return Object.values(data).some((value) => value !== null);
}
