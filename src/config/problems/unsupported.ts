import type { Path } from '../file/located-tree.ts';

const notHere = 'is a key of dlt that is not supported here yet';

/** Keys of dlt's grammar without a meaning here: a guess at a typing error would mislead. */
const keys: Readonly<Record<string, string>> = {
  parent: notHere,
  references: notHere,
  allow_external_schedulers: `${notHere}: a range comes with \`run --from … --to …\``,
  transform: `${notHere}: \`convert\` says in what form values are sent`,
  table_format: notHere,
  file_format: notHere,
  preferred_types: `${notHere}: give the columns their \`data_type\``,
  session: `${notHere}: it is a Python object`,
};

/** Of dlt's steps, which are functions of Python. */
const steps: Readonly<Record<string, string>> = {
  map: 'is a function in dlt: here `set`, `rename`, `include`, `exclude`, `flatten` and `mask` say what becomes of a record',
  yield_map: 'is a function in dlt: here `explode` makes a record of each element of a list',
};

export function unsupportedKey(key: string, path: Path): string | undefined {
  if (path.includes('processing_steps')) return Object.hasOwn(steps, key) ? `\`${key}\` ${steps[key]}` : undefined;
  return path.includes('columns') || !Object.hasOwn(keys, key) ? undefined : `\`${key}\` ${keys[key]}`;
}

/** `location: cookie` of an API key. */
export function unsupportedType(value: unknown, path: Path): string | undefined {
  const key = path.at(-1);
  if (key === 'location' && value === 'cookie') return '`location: cookie` is not supported, nor is it by dlt';
  return undefined;
}
