import type { Identified } from '../../archive/asked-request.ts';
import type { Asker, Send } from '../../archive/reply-keeping.ts';
import type { ResponseAction } from '../../config/grammar/response-action-schema.ts';
import type { Endpoint } from '../endpoint.ts';
import { maskedBody } from '../reply/masked-body.ts';
import { credentialsFor, withCredentials } from './auth.ts';
import type { PlannedRequest } from './request.ts';
import type { Session } from './session.ts';
import { type Reply, withFiles } from './transport.ts';

/** What a run keeps of the replies of an endpoint, where it keeps any. Tokens are asked for without it. */
export class KeptReplies {
  /** That of the session; what comes is kept on its way, and what is kept may answer. */
  readonly transport: Send;
  readonly #session: Session;
  readonly #asker: Asker;

  constructor(session: Session, { paid }: Endpoint, ruleFor: (reply: Reply) => ResponseAction | undefined) {
    const { resource, mask, replies, transport } = session;
    this.#session = session;
    this.#asker = {
      resource,
      isPaid: paid === true,
      mask: { text: (text) => mask.text(text), body: (bytes) => maskedBody(bytes, mask) },
      isAnswer: (reply) => reply.status < 400 && isAnswer(ruleFor(reply)),
    };
    // What is paid for is kept as a whole, before it becomes a file.
    const send: Send = paid === true ? (request) => transport({ ...request, fileFor: undefined }) : transport;
    this.transport = replies === undefined ? transport : withFiles(replies.over(send, this.#asker));
  }

  /** Nothing would be sent. */
  hasAnswerTo(request: PlannedRequest): boolean {
    return this.#session.replies?.hasAnswerTo(sentAs(request), this.#asker) ?? false;
  }

  /** Undefined where the source is asked. */
  askedAgain(request: PlannedRequest): boolean | undefined {
    return this.#session.replies?.askedAgain?.(sentAs(request), this.#asker);
  }
}

// --- internal ---

function sentAs({ method, url, headers, body, credentials }: PlannedRequest): Identified {
  const target = withCredentials(url, headers, credentialsFor(url, credentials));
  return { method, url: target.url.href, body };
}

/** What a rule calls a failure is asked for anew. */
function isAnswer(rule: ResponseAction | undefined): boolean {
  return rule === undefined || rule.action === 'ignore';
}
