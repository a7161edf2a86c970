import { age } from '../config/grammar/units.ts';
import { PipelineError } from '../errors.ts';
import { parseDateOrTimestamp } from '../values/timestamp.ts';

/** `2d`, `36h`, a day or a time in ISO 8601 (UTC) → milliseconds since 1970. Throws UsageInvalid. */
export function sinceTime(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const length = age.safeParse(text);
  if (length.success) return Math.max(0, now - length.data); // no run began before 1970, and a Date does not reach as far back as a text
  const micros = parseDateOrTimestamp(text);
  if (micros !== undefined) return Number(micros) / 1000;
  throw new PipelineError({
    code: 'UsageInvalid',
    message: `\`--since ${text}\`: expected a duration such as \`2d\` or \`36h\`, a day or a time such as 2026-01-15T12:00:00Z.`,
    hint: 'Of a duration, what began so long ago or later is meant.',
    facts: { since: text },
  });
}
