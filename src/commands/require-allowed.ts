import { isPaid } from '../config/paid-endpoint.ts';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import { PipelineError } from '../errors.ts';
import type { CommonOptions, Terminal } from './terminal.ts';

interface PaidOptions extends Pick<CommonOptions, 'quiet'> {
  readonly allowPaid?: boolean;
  /** As it is named in the hint. @default run */
  readonly command?: string;
}

/**
 * Before anything is sent: what costs money is only asked for where somebody watches, or says that it may.
 *
 * @throws PipelineError PaymentNotAllowed
 */
export function requireAllowed(
  { source }: PipelineConfig,
  names: readonly string[],
  { stderr }: Pick<Terminal, 'stderr'>,
  { quiet = false, allowPaid = false, command = 'run' }: PaidOptions,
): void {
  const paid = source.resources.filter(({ name, endpoint }) => names.includes(name) && isPaid(endpoint));
  const [first] = paid;
  if (first === undefined || allowPaid || (stderr.isTerminal && !quiet)) return;
  const shown = paid.map(({ name }) => `\`${name}\``).join(', ');
  throw new PipelineError({
    code: 'PaymentNotAllowed',
    message: `Replies to ${shown} cost money (\`paid: true\`), and nobody watches: ${quiet ? '`--quiet` was given' : 'stderr is no terminal'}.`,
    hint: `If they may, add \`--allow-paid\`: dezgo-elt ${command} ${names.join(' ')} --allow-paid`,
    facts: { resources: paid.map(({ name }) => name) },
  });
}
