import { child, type Located, nodeAt, type Path } from '../config/file/located-tree.ts';
import { carriesKey } from '../config/grammar/secret-schema.ts';
import type { PlacedConfig } from '../config/load-config.ts';
import type { ConfigWarning } from '../config/pipeline-config.ts';
import { pathText, placeText } from '../config/problems/problem.ts';
import { Secret } from '../config/secret.ts';
import { secretsIn } from '../config/secrets-in.ts';
import { SecretMask } from '../extract/http/secret-mask.ts';

/** The configuration as it counts. No value in it is a secret. */
export interface Settings {
  /** Absolute path. */
  readonly file: string | null;
  /** In the order of the configuration, values that were written first. */
  readonly values: readonly Setting[];
  readonly secrets: readonly SecretSetting[];
  readonly warnings: readonly ConfigWarning[];
}

export interface Setting {
  /** `source.resources.models.endpoint.path`. */
  readonly path: string;
  /** As it was written; of a default what it is, durations in milliseconds, paths absolute. */
  readonly value: string | number | boolean | null;
  /** `pipeline.config.yaml:12:5`, `environment NAME`, `.env NAME`, …, or `default`. */
  readonly from: string;
}

export interface SecretSetting {
  readonly path: string;
  /** `awaited`: a command is asked for it when a run needs it. `optional`: nowhere, and nobody needs it. */
  readonly state: 'found' | 'missing' | 'awaited' | 'optional';
  /** Where it came from, or whom to ask; null where it is nowhere. */
  readonly from: string | null;
  /** Where it was looked for without success. */
  readonly lookedIn: readonly string[];
}

/**
 * Every value of the configuration with where it came from; of secrets only whether they were found, and where they were looked for.
 *
 * @param shownFile what messages call the file
 */
export function settings({ config, tree }: PlacedConfig, shownFile: string): Settings {
  const { pipeline, source } = config;
  const parts = { pipeline, source };
  const secrets = secretsIn(parts);
  const hidden = secrets.map(({ path }) => keyOf(path));
  const mask = new SecretMask(config.secrets, { count: () => undefined });
  const written = leavesOf(tree).filter(({ path }) => !isBelow(path, hidden) && path[0] !== 'secrets');
  const told = new Set(written.map(({ path }) => keyOf(path)));
  const defaults = valuesIn(parts).filter(({ path }) => !isWritten(path, told, tree) && !isBelow(path, hidden));
  const shown = (path: Path, value: unknown, from: string): Setting => ({
    path: pathText(path, tree),
    value: looksSecret(path) ? HIDDEN : masked(value, mask),
    from,
  });
  return {
    file: config.file ?? null,
    values: [
      ...written.map(({ path, node }) => shown(path, node.value, placeText(node.origin, shownFile) || 'given')),
      ...defaults.map(({ path, value }) => shown(path, value, 'default')),
    ],
    secrets: secrets.map(({ secret, path }) => secretSetting(pathText(path, tree), secret)),
    warnings: config.warnings,
  };
}

// --- internal ---

const HIDDEN = '***';
/** What is sent may hold a key that nobody marked as a secret. */
const SENT = new Set(['headers', 'params', 'json', 'data', 'variables']);
/** Of an address. */
const USER_INFO = /^(\w+:\/\/)[^/?#@]*@/;

type Leaf = { readonly path: Path; readonly node: Extract<Located, { kind: 'scalar' }> };

function leavesOf(node: Located, path: Path = []): Leaf[] {
  if (node.kind === 'scalar') return [{ path, node }];
  if (node.kind === 'list') return node.items.flatMap((item, index) => leavesOf(item, [...path, index]));
  return [...node.entries].flatMap(([key, member]) => leavesOf(member, [...path, key]));
}

function valuesIn(value: unknown, path: Path = []): { readonly path: Path; readonly value: unknown }[] {
  if (value === undefined || value instanceof Secret || typeof value === 'function') return [];
  if (typeof value !== 'object' || value === null) return [{ path, value }];
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => valuesIn(item, [...path, index]));
  return Object.entries(value).flatMap(([key, member]) => valuesIn(member, [...path, key]));
}

/** It, what holds it, or what stands in its place in a short form was written. */
function isWritten(path: Path, told: ReadonlySet<string>, tree: Located): boolean {
  for (let depth = path.length; depth > 0; depth -= 1) {
    if (told.has(keyOf(path.slice(0, depth)))) return true;
  }
  const above = nodeAt(tree, path.slice(0, -1));
  return above !== undefined && child(above, path.at(-1) ?? '') !== undefined;
}

function isBelow(path: Path, keys: readonly string[]): boolean {
  const own = keyOf(path);
  return keys.some((key) => own === key || own.startsWith(`${key.slice(0, -1)},`));
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}

function looksSecret(path: Path): boolean {
  return path.some((key) => SENT.has(String(key))) && carriesKey(String(path.at(-1)));
}

function masked(value: unknown, mask: SecretMask): Setting['value'] {
  if (typeof value === 'string') return mask.text(value).replace(USER_INFO, `$1${HIDDEN}@`);
  return typeof value === 'number' || typeof value === 'boolean' ? value : value === null ? null : String(value);
}

function secretSetting(path: string, secret: Secret): SecretSetting {
  const state = secret.isAwaited
    ? 'awaited'
    : secret.isMissing
      ? secret.isOptional
        ? 'optional'
        : 'missing'
      : 'found';
  return { path, state, from: secret.origin ?? null, lookedIn: secret.lookedIn };
}
