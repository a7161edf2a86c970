import { exitCodes, PipelineError } from '../errors.ts';
import type { ResourceTrace } from '../trace.ts';

/** What no other resource would survive either. */
export function stopsRun({ code, exitCode }: PipelineError): boolean {
  if (code === 'RunTimedOut') return true;
  const { internal, destination, hungUp, interrupted, terminated } = exitCodes;
  return [internal, destination, hungUp, interrupted, terminated].some((stopping) => stopping === exitCode);
}

export function failedBefore(resource: string): NonNullable<ResourceTrace['error']> {
  return {
    code: 'ResourceFailed',
    message: 'It failed in the earlier run that this one continues.',
    hint: `Run again: dezgo-elt run ${resource}`,
  };
}

/** A contract broken by a record names the request that brought it. */
export async function inPage(request: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    if (!(thrown instanceof PipelineError) || thrown.facts.request !== undefined) throw thrown;
    const { code, message, hint, facts, cause } = thrown;
    throw new PipelineError({
      code,
      message: `${message.replace(/\.$/, '')} (from ${request}).`,
      hint,
      facts: { ...facts, request },
      cause,
    });
  }
}
