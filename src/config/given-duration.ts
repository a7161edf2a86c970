import { PipelineError } from '../errors.ts';
import type { duration } from './grammar/units.ts';

/** What was given as `option`, in milliseconds: `90s`, `5m`, or seconds. Throws UsageInvalid for anything that `kind` does not accept. */
export function givenDuration(option: string, value: string | number, kind: typeof duration): number {
  const parsed = kind.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new PipelineError({
    code: 'UsageInvalid',
    message: `\`${option}\` got \`${value}\`: ${issue?.message ?? 'it is no duration'}.`,
    hint: 'Write a number with its unit: `90s`, `15m`, `2h`.',
    facts: { option, value },
  });
}
