import { age } from '../config/grammar/units.ts';
import { PipelineError } from '../errors.ts';
import { didYouMean } from '../text/nearest.ts';

/** How old the last good load of a resource may be, in milliseconds; undefined: as old as it likes. */
export type MaxAge = (resource: { readonly name: string; readonly selected: boolean }) => number | undefined;

/**
 * From `--max-age 26h --max-age models=2h`: the first is for every selected resource, the second for one, whether it is selected or not.
 * Throws UsageInvalid.
 */
export function maxAge(texts: readonly string[], resources: readonly { readonly name: string }[]): MaxAge {
  const own = new Map<string, number>();
  let common: number | undefined;
  for (const text of texts) {
    const [, name, length = ''] = /^(?:([^=]*)=)?(.*)$/s.exec(text) ?? [];
    const milliseconds = age.safeParse(length);
    if (!milliseconds.success) throw noAge(text);
    if (name === undefined) common = milliseconds.data;
    else if (resources.some((one) => one.name === name)) own.set(name, milliseconds.data);
    else throw unknownResource(name, resources);
  }
  return ({ name, selected }) => own.get(name) ?? (selected ? common : undefined);
}

// --- internal ---

function noAge(text: string): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: `\`--max-age ${text}\`: expected a duration such as \`26h\`, \`90m\` or \`7d\`, or \`RESOURCE=26h\`.`,
    hint: 'Data older than that ends `info` with exit code 3.',
    facts: { maxAge: text },
  });
}

function unknownResource(name: string, resources: readonly { readonly name: string }[]): PipelineError {
  const names = resources.map((one) => one.name);
  return new PipelineError({
    code: 'ResourceUnknown',
    message: `\`--max-age\`: there is no resource \`${name}\`${didYouMean(name, names) || '.'}`,
    hint: `The configuration has these: ${names.join(', ')}.`,
    facts: { resource: name, resources: names },
  });
}
