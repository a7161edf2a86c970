import { incrementalMembers } from '../../incremental/placeholder-values.ts';
import { placeholders } from '../../text/placeholders.ts';
import type { EndpointConfig } from '../grammar/resource-schema.ts';
import { incrementalOf } from '../incremental-endpoint.ts';

const PREFIX = 'incremental.';

/** What stands for something in the texts of an endpoint, of `incremental`. */
export interface CursorTexts {
  /** `incremental.start_value` and the others; none where the endpoint is not incremental. */
  readonly names: readonly string[];
  /** `isAlone`: a text that is nothing else may stand for nothing. */
  problem(text: string, mayBeAlone: boolean): string | undefined;
}

export function cursorTexts(endpoint: EndpointConfig): CursorTexts {
  const settings = incrementalOf(endpoint);
  const { initial_value = null, end_value = null, step, lag = null } = settings ?? {};
  const lacking: Readonly<Record<string, string | undefined>> = {
    start_value: initial_value === null ? 'on the first run: give an `initial_value`' : undefined,
    last_value: initial_value === null ? 'on the first run: give an `initial_value`' : undefined,
    initial_value: initial_value === null ? ': give an `initial_value`' : undefined,
    end_value: end_value === null && step === undefined ? ': give an `end_value`, or windows with `step`' : undefined,
    lag: lag === null ? ': give a `lag`' : undefined,
  };
  const isIncremental = settings !== undefined;
  return {
    names: isIncremental ? incrementalMembers.map((member) => `${PREFIX}${member}`) : [],
    problem: (text, mayBeAlone) => {
      for (const expression of placeholders(text).filter((name) => name.startsWith(PREFIX))) {
        if (!isIncremental)
          return `\`{${expression}}\` needs \`incremental\` in the endpoint, with a \`cursor_path\`, or a parameter of \`type: incremental\``;
        const member = expression.slice(PREFIX.length);
        if (!Object.hasOwn(lacking, member)) return unknownMember(expression, member);
        const isAlone = mayBeAlone && /^(start|last)_value$/.test(member) && text === `{${expression}}`;
        const lack = isAlone ? undefined : lacking[member];
        if (lack !== undefined) return `\`{${expression}}\` has no value${lack.startsWith(':') ? '' : ' '}${lack}`;
      }
      return undefined;
    },
  };
}

// --- internal ---

function unknownMember(expression: string, member: string): string {
  const plain = member.split(/[!:]/, 1)[0] ?? '';
  if (plain !== member && incrementalMembers.some((known) => known === plain))
    return `\`{${expression}}\`: a placeholder has no format, expected \`{${PREFIX}${plain}}\`; see \`incremental.convert\``;
  return `\`{${expression}}\`: expected one of ${incrementalMembers.map((known) => `\`${PREFIX}${known}\``).join(', ')}`;
}
