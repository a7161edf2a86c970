import path from 'node:path';
import { PipelineError } from '../errors.ts';
import { environmentName } from './environment-name.ts';
import { readSecretsText } from './read-secrets-text.ts';
import { type FileValue, holdsSecret, type SecretPlace, type SecretsFile, type WantedSecret } from './secret-place.ts';

/** What dlt keeps in `.dlt/` beside a pipeline. */
export interface DltFiles {
  readonly secrets: readonly SecretsFile[];
  /** The values of both, named as dlt names them in the environment; `secrets.toml` wins. */
  readonly variables: ReadonlyMap<string, FileValue>;
}

/** Reads `.dlt/secrets.toml` and `.dlt/config.toml` of a folder. The parser is loaded where there is something to parse. */
export async function readDltFiles(folder: string): Promise<DltFiles> {
  const secrets = await readToml(path.join(folder, '.dlt', 'secrets.toml'));
  const config = await readToml(path.join(folder, '.dlt', 'config.toml'));
  return {
    secrets: [
      ...(secrets === undefined ? [] : [{ file: secrets.file, places: placesIn(secrets) }]),
      ...(config === undefined ? [] : [{ file: config.file, places: misplacedIn(config) }]),
    ],
    variables: new Map(
      [config, secrets].flatMap((toml) => (toml === undefined ? [] : valuesIn(toml.root, [], toml.file))),
    ),
  };
}

// --- internal ---

/** At its keys are texts, numbers, tables …, whatever the file says. */
type Table = Readonly<Record<string, unknown>>;

interface Toml {
  readonly file: string;
  readonly root: Table;
}

async function readToml(file: string): Promise<Toml | undefined> {
  const text = await readSecretsText(file);
  if (text === undefined) return undefined;
  const { parse, TomlError } = await import('smol-toml');
  try {
    return { file, root: parse(text.replace(/^\uFEFF/, ''), { integersAsBigInt: 'asNeeded' }) };
  } catch (thrown) {
    // Neither the message nor the cause of the parser is kept: both quote the line.
    const { line = 1, column = 1 } = thrown instanceof TomlError ? thrown : {};
    throw new PipelineError({
      code: 'ConfigInvalid',
      message: `${file}:${line}:${column}  is not valid TOML.`,
      hint: 'Write texts in quotes, a line each: `api_key = "…"` below `[sources.NAME]`; dlt reads the same file.',
      facts: { file, line, column },
    });
  }
}

/** Where dlt would look, most specific first; the first that is there, or the usual name. */
function placesIn({ file, root }: Toml) {
  return ({ pipeline, section, key }: WantedSecret): SecretPlace[] => {
    const within = [tableAt(root, [pipeline]), root];
    const candidates = within.flatMap((top, index) => {
      const prefix = index === 0 ? [pipeline] : [];
      return sectionsFor(section, top).map((keys) => place(file, root, [...prefix, ...keys, ...key.split('__')]));
    });
    const usual = place(file, root, [...section, ...key.split('__')]);
    return [candidates.find(holdsSecret) ?? usual];
  };
}

/** Most specific first. */
function sectionsFor(section: readonly string[], top: Table | undefined): (readonly string[])[] {
  const [first = '', name = '', ...rest] = section;
  if (first !== 'sources') return [section, [first, ...rest], rest];
  // The name of the Python module that defines a source stands before it.
  const modules = Object.keys(tableAt(top, ['sources']) ?? {});
  return [...modules.map((module) => ['sources', module, name]), section, ['sources'], []];
}

/** dlt refuses a secret in `config.toml`, which is often in git. */
function misplacedIn(toml: Toml) {
  const find = placesIn(toml);
  return (wanted: WantedSecret): SecretPlace[] =>
    find(wanted).flatMap(({ name, value }) =>
      value === undefined
        ? []
        : [{ name: `${name} (it is there, but secrets belong in secrets.toml: dlt refuses it too)`, value: undefined }],
    );
}

function place(file: string, root: Table, keys: readonly string[]): SecretPlace {
  const value = tableAt(root, keys.slice(0, -1))?.[keys.at(-1) ?? ''];
  return { name: `\`${keys.join('.')}\` in ${file}`, value: textOf(value) };
}

function tableAt(root: Table | undefined, keys: readonly string[]): Table | undefined {
  return keys.reduce<Table | undefined>((table, key) => {
    const member = table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
    return isTable(member) ? member : undefined;
  }, root);
}

function valuesIn(table: Table, keys: readonly string[], file: string): [string, FileValue][] {
  return Object.entries(table).flatMap(([key, member]): [string, FileValue][] => {
    const path = [...keys, key];
    if (isTable(member)) return valuesIn(member, path, file);
    const text = textOf(member);
    return text === undefined
      ? []
      : [[path.map(environmentName).join('__'), { text, place: `\`${path.join('.')}\` in ${file}` }]];
  });
}

function textOf(value: unknown): string | undefined {
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value) ? String(value) : undefined;
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
