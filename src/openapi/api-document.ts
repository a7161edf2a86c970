import { PipelineError } from '../errors.ts';
import { printable } from '../text/printable.ts';
import { isObject, member, members, type Node, textOf } from './json-node.ts';
import { References } from './references.ts';
import { Schemas } from './schemas.ts';

/** An OpenAPI document of version 3.0 or 3.1, and what its references name. */
export interface ApiDocument {
  readonly root: Node;
  readonly title: string;
  readonly paths: readonly [path: string, item: Node][];
  readonly references: References;
  readonly schemas: Schemas;
}

/**
 * @param from what messages call the document
 * @throws PipelineError UsageInvalid: it is none, of a version before 3, or has no paths
 */
export function apiDocument(root: Node, from: string): ApiDocument {
  const name = printable(from);
  // YAML takes `3.0` for a number.
  const written = member(root, 'openapi');
  const version = typeof written === 'number' ? String(written) : textOf(root, 'openapi');
  if (version === undefined || !/^3(\.\d|$)/.test(version)) throw notOpenApi(root, version, name);
  const paths = members(member(root, 'paths'));
  if (paths.length === 0)
    throw unusable(`${name} has no paths.`, 'Name the document that describes what can be requested.');
  const references = new References(root);
  return {
    root,
    title: textOf(member(root, 'info'), 'title') ?? '',
    paths,
    references,
    schemas: new Schemas(references),
  };
}

// --- internal ---

function notOpenApi(root: Node, version: string | undefined, name: string): PipelineError {
  const swagger = member(root, 'swagger');
  if (swagger !== undefined)
    return unusable(
      `${name} is a document of Swagger ${typeof swagger === 'string' || typeof swagger === 'number' ? printable(String(swagger), 20) : 2}; expected OpenAPI 3.0 or 3.1.`,
      'Convert it: npx swagger2openapi --outfile openapi.json FILE.',
    );
  if (version !== undefined)
    return unusable(`${name} says that it is of OpenAPI ${printable(version, 20)}; expected 3.0 or 3.1.`, HINT);
  const what = isObject(root) ? 'it has no `openapi: 3.…`' : Array.isArray(root) ? 'it is a list' : 'it is no mapping';
  return unusable(`${name} is no OpenAPI document: ${what}.`, HINT);
}

const HINT = 'Name a document of OpenAPI 3.0 or 3.1, as JSON or YAML; many APIs have it at /openapi.json.';

function unusable(message: string, hint: string): PipelineError {
  return new PipelineError({ code: 'UsageInvalid', message, hint });
}
