import { shownRequest } from '../archive/asked-request.ts';
import type { PaidReplies } from '../archive/paid-replies.ts';
import { PipelineError } from '../errors.ts';
import type { PackageResource } from '../package/layout.ts';
import { count, shortened } from '../text/count.ts';
import { isoTime } from '../text/iso-time.ts';
import type { Run } from './open-run.ts';

/** The replies whose rows a package has. Of a resource that failed nothing is loaded. */
export function paidIn(documents: readonly Pick<PackageResource, 'status' | 'paid'>[]): string[] {
  return documents.flatMap(({ status, paid = [] }) => (status === 'failed' ? [] : paid));
}

/** What failed after a reply was paid for says that nothing is lost. */
export function namingPaid(thrown: unknown, resource: string, paid: PaidReplies): unknown {
  const kept = paid.waiting.filter(({ head }) => head.resource === resource);
  if (kept.length === 0 || !(thrown instanceof PipelineError)) return thrown;
  const { code, message, hint, facts } = thrown;
  const files = kept.map(({ file }) => file);
  const [what, it] = paidFor(resource, files);
  return new PipelineError({
    code,
    message,
    hint: `${hint} ${what} kept: the next run of it loads ${it} without asking again. To drop ${it}, delete ${shortened(files, 3)}.`,
    facts: { ...facts, paidReplies: files },
    cause: thrown,
  });
}

/** Before anything is asked for: what a run that was killed may have paid without an answer. */
export async function tellUnanswered({ paid, trace }: Pick<Run, 'paid' | 'trace'>): Promise<void> {
  for (const { head, name } of paid.unanswered) {
    const request = shownRequest(head.request);
    trace.warn(
      `${request} of \`${head.resource}\`, which costs money, was sent at ${isoTime(head.at)}, and the run was killed before its reply came: it may have been charged.`,
    );
    await paid.remove([name]);
  }
}

/** At the end: what was paid for by an earlier run and used by this one, or is in no package, and why. */
export function tellPaidLeft({ paid, trace }: Pick<Run, 'paid' | 'trace'>): void {
  for (const { head } of paid.givenAgain) {
    const request = shownRequest(head.request);
    trace.note(
      `${request} of \`${head.resource}\` was answered by the reply of ${isoTime(head.at)}, which was kept: it was not paid for again.`,
    );
  }
  const resources = new Set(paid.waiting.map(({ head }) => head.resource));
  for (const resource of resources) {
    const files = paid.waiting.filter(({ head }) => head.resource === resource).map(({ file }) => file);
    const status = trace.statusOf(resource);
    if (status === 'failed') continue; // the failure says it
    const isLoaded = trace.published && status !== undefined && status !== 'not_executed';
    trace.warn(isLoaded ? notAskedFor(resource, files) : waiting(resource, files));
  }
}

// --- internal ---

function notAskedFor(resource: string, files: readonly string[]): string {
  const [what, it] = paidFor(resource, files);
  return `${what} not loaded: this configuration does not ask for ${it}. Run with the one that did, or delete ${shortened(files, 3)}.`;
}

function waiting(resource: string, files: readonly string[]): string {
  const [what, it] = paidFor(resource, files);
  return `${what} kept and not loaded yet; this loads ${it} without asking again: dezgo-elt run ${resource} --allow-paid`;
}

function paidFor(resource: string, { length }: readonly string[]): readonly [what: string, it: string] {
  const what = `${count(length, 'reply', 'replies')} of \`${resource}\` that ${length === 1 ? 'was' : 'were'} paid for`;
  return [`${what} ${length === 1 ? 'is' : 'are'}`, length === 1 ? 'it' : 'them'];
}
