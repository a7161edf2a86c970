import type { Path } from '../file/located-tree.ts';

const notHere = 'is a key of dlt that is not supported here yet';

/** Keys of dlt's grammar without a meaning here: a guess at a typing error would mislead. */
const keys: Readonly<Record<string, string>> = {
  processing_steps: `${notHere}: its steps are Python functions`,
  incremental: notHere,
  parent: notHere,
  references: notHere,
  table_format: notHere,
  file_format: notHere,
  preferred_types: `${notHere}: give the columns their \`data_type\``,
  session: `${notHere}: it is a Python object`,
};

const types: Readonly<Record<string, string>> = {
  incremental: '`type: incremental` of dlt is not supported here yet',
};

export function unsupportedKey(key: string, path: Path): string | undefined {
  return path.includes('columns') || !Object.hasOwn(keys, key) ? undefined : `\`${key}\` ${keys[key]}`;
}

/** `type: incremental` of a parameter; `location: cookie` of an API key. */
export function unsupportedType(value: unknown, path: Path): string | undefined {
  const key = path.at(-1);
  if (key === 'type' && path.includes('params') && typeof value === 'string') return types[value];
  if (key === 'location' && value === 'cookie') return '`location: cookie` is not supported, nor is it by dlt';
  return undefined;
}
