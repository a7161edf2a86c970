import type { HttpReply, HttpRequest } from '../effects.ts';
import type { Identified, Masking } from './asked-request.ts';

export type WholeReply = HttpReply & { readonly body: Buffer };

/** One request → its response, from wherever. */
export type Send = (request: HttpRequest) => Promise<WholeReply>;

/** Whose requests they are. */
export interface Asker {
  readonly resource: string;
  /** What is answered costs money. */
  readonly isPaid: boolean;
  readonly mask: Masking;
  /** Whether a reply is what was asked for: one that says that there is none does not have to be kept. */
  isAnswer(reply: WholeReply): boolean;
}

/** What keeps the replies of a run, or gives them again. */
export interface ReplyKeeping {
  /** It answers everything, and nothing is sent: not for a token either. */
  readonly isOffline?: boolean;
  /** Sends through `send`, and keeps what comes; or answers in its place. */
  over(send: Send, asker: Asker): Send;
  /** Whether it would answer this request itself. */
  hasAnswerTo(request: Identified, asker: Asker): boolean;
  /** Of what gives the replies of an earlier run again: whether that run asked the same once more. */
  askedAgain?(request: Identified, asker: Asker): boolean;
}
