import type { EndpointConfig, ValueSource } from '../grammar/resource-schema.ts';
import { useOf, type ValueUse } from '../value-columns.ts';
import { isValuesParam } from '../values-param.ts';
import { below, type Finding } from './finding.ts';

/** Values that are no mappings though a placeholder names a column of them, and the other way round. */
export function checkValues(endpoint: EndpointConfig = {}): Finding[] {
  return Object.entries(endpoint.params ?? {}).flatMap(([name, param]) => {
    if (!isValuesParam(param)) return [];
    const use = useOf(name, endpoint);
    return param.from.flatMap((source, index) =>
      below(['params', name, 'from', index], checkSource(name, source, use)),
    );
  });
}

// --- internal ---

function checkSource(name: string, source: ValueSource, { isWhole, columns }: ValueUse): Finding[] {
  const [column] = columns;
  if ('env' in source && column !== undefined)
    return [{ path: ['env'], message: `a variable has no columns, but \`{${name}.${column}}\` names one` }];
  if (!('list' in source)) return [];
  return source.list.flatMap((item, index) => {
    const message = typeof item === 'object' ? ofMapping(item) : ofValue();
    return message === undefined ? [] : [{ path: ['list', index], message }];
  });

  function ofValue(): string | undefined {
    return column === undefined ? undefined : `expected a mapping: \`{${name}.${column}}\` names a column of it`;
  }

  function ofMapping(item: object): string | undefined {
    if (isWhole || column === undefined)
      return `a mapping has no one value for \`{${name}}\`: name its columns, as \`{${name}.${Object.keys(item)[0] ?? 'id'}}\``;
    const lacking = columns.find((key) => !Object.hasOwn(item, key));
    return lacking === undefined ? undefined : `has no \`${lacking}\`, which \`{${name}.${lacking}}\` names`;
  }
}
