import { PipelineError } from '../errors.ts';
import { plainText } from '../text/plain-text.ts';
import type { Terminal } from './terminal.ts';

export interface Confirmation {
  /** `--yes` was given. */
  readonly yes?: boolean;
  /** Sentences on what would be done. */
  readonly what: string;
  /** The command as it would be given again: `packages drop --rejected`. */
  readonly command: string;
}

/**
 * Whether a person, or `--yes`, wants what takes something away.
 *
 * @throws PipelineError UsageInvalid: there is nobody to ask
 */
export async function isConfirmed(
  terminal: Pick<Terminal, 'ask' | 'signal'>,
  { yes = false, what, command }: Confirmation,
): Promise<boolean> {
  if (yes) return true;
  const answer = await terminal.ask(`${plainText(what)} Go on? [y/N] `);
  terminal.signal.throwIfAborted();
  if (answer !== undefined) return /^\s*y(es)?\s*$/i.test(answer);
  throw new PipelineError({
    code: 'UsageInvalid',
    message: `${what} Nobody can be asked here: stdin or stderr is no terminal.`,
    hint: `If it is meant, add \`--yes\`: dezgo-elt ${command} --yes`,
    facts: { command },
  });
}
