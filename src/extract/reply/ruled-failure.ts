import type { ResponseAction } from '../../config/grammar/response-action-schema.ts';
import { type ErrorCode, PipelineError } from '../../errors.ts';
import { billingPage, keysPage } from '../http/account-pages.ts';
import type { Answer } from '../http/exchange.ts';
import { refusal, saidIn } from '../http/refusal.ts';
import type { Session } from '../http/session.ts';

/** The error of a reply that a rule calls a failure, or that is as it was after the last attempt. */
export function ruledFailure(rule: ResponseAction, answer: Answer, session: Session): PipelineError {
  const isSuccess = answer.status >= 200 && answer.status < 300;
  const byStatus = isSuccess ? undefined : refusal(answer, session);
  if (rule.action === 'retry') return byStatus ?? stillToWaitFor(answer);
  const { status, request, attempts } = answer;
  const said = saidIn(answer, session.mask);
  const what = rule.message ?? `\`response_actions\` call the reply to ${request} a failure`;
  return new PipelineError({
    code: rule.as === undefined ? (byStatus?.code ?? 'ReplyUnusable') : codes[rule.as],
    message: `${what} (${request}, status ${status})${said === '' ? '' : `: ${said}`}`,
    hint: `See \`response_actions\` of the endpoint, which say what such a reply means.${pageFor(rule, session)}`,
    facts: { status, request, attempts, detail: said },
  });
}

// --- internal ---

/** By the exit code that each of them has. */
const codes: Readonly<Record<NonNullable<ResponseAction['as']>, ErrorCode>> = {
  refused: 'SourceRefused',
  unavailable: 'SourceUnavailable',
  budget: 'BudgetExhausted',
};

function pageFor({ as }: ResponseAction, { client }: Pick<Session, 'client'>): string {
  if (as === 'budget') return ` ${billingPage(client)}, then run again.`;
  return as === 'refused' ? keysPage(client) : '';
}

function stillToWaitFor({ status, request, attempts }: Answer): PipelineError {
  const times = attempts === 1 ? 'once' : `${attempts} times`;
  return new PipelineError({
    code: 'SourceUnavailable',
    message: `${request} was sent ${times}, and still gets a reply that \`response_actions\` say to ask for again (status ${status}).`,
    hint:
      attempts === 1
        ? 'Run again later. A POST is sent once, unless it is `idempotent: true`.'
        : 'Run again later, or raise `wait` or `attempts` of that rule.',
    facts: { status, request, attempts },
  });
}
