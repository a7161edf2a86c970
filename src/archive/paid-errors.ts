import { PipelineError } from '../errors.ts';
import { reasonOf } from '../files/reason.ts';
import { type AskedRequest, type Masking, shownRequest } from './asked-request.ts';
import type { PaidReply } from './kept-reply.ts';
import type { WholeReply } from './reply-keeping.ts';

/** Before a request that costs money is sent: its reply could not be kept. */
export function nothingSent(asked: AskedRequest, folder: string, cause: unknown): PipelineError {
  const request = shownRequest(asked);
  return new PipelineError({
    code: 'DestinationFailed',
    message: `The reply to ${request} would cost money and could not be kept in ${folder}: ${reasonOf(cause)}. Nothing was sent.`,
    hint: 'Make room, or name another folder in `pipeline.working_dir`; then run again.',
    facts: { request, path: folder, sent: false },
    cause,
  });
}

/** Paid for, and no place to put it: what it says is all that is left of it, unless it is `elsewhere`. */
export function replyHomeless(
  { asked, reply, mask }: { readonly asked: AskedRequest; readonly reply: WholeReply; readonly mask: Masking },
  file: string,
  elsewhere: string | undefined,
  cause: unknown,
): PipelineError {
  const request = shownRequest(asked);
  const { status, headers, body } = reply;
  const own = [...headers].filter(([name]) => /^x-|location|request-id/.test(name)).slice(0, MOST_HEADERS);
  const said = own.map(([name, value]) => `${name}: ${mask.text(value)}`).join(', ');
  const came = `status ${status}, ${body.length} bytes of ${headers.get('content-type') ?? 'unknown type'}${said === '' ? '' : `, ${said}`}`;
  const text = mask.body(body).toString('utf8', 0, MOST_TEXT);
  const content =
    elsewhere === undefined && /json|text/.test(headers.get('content-type') ?? '') ? ` It says: ${text}` : '';
  return new PipelineError({
    code: 'DestinationFailed',
    message: `The reply to ${request} was paid for and cannot be written to ${file}: ${reasonOf(cause)}. What came: ${came}.${content}`,
    hint:
      elsewhere === undefined
        ? 'Make room. A job that was started can be followed by its id; what else came is lost.'
        : `It is in ${elsewhere}. Make room, move it to ${file} and run again: then it is loaded without being asked for.`,
    facts: { request, path: file, status, headers: said, elsewhere },
    cause,
  });
}

/** It is there, and was paid for, but cannot be read. */
export function replyUnreadable({ file, head }: PaidReply, cause: unknown): PipelineError {
  const request = shownRequest(head.request);
  return new PipelineError({
    code: 'DestinationUnreadable',
    message: `The reply to ${request}, which was paid for, cannot be read from ${file}: ${reasonOf(cause)}.`,
    hint: 'Look at its first line, which says what came. Once it is deleted, the next run asks again, which costs money again.',
    facts: { request, path: file },
    cause,
  });
}

// --- internal ---

const MOST_HEADERS = 20;
const MOST_TEXT = 2000;
