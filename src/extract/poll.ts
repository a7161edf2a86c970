import type { PollConfig } from '../config/grammar/poll-schema.ts';
import { PipelineError } from '../errors.ts';
import type { Json } from '../json/json-value.ts';
import { shortened } from '../text/count.ts';
import { configured } from '../text/duration.ts';
import { printable } from '../text/printable.ts';
import type { ExtractContext } from './context.ts';
import type { Answer } from './http/exchange.ts';
import { retryAfter } from './http/retry-after.ts';
import { asInterruption } from './interruption.ts';
import { membersOf } from './parent-fields.ts';
import { Condition } from './steps/condition.ts';

interface PollParts extends Pick<ExtractContext, 'effects' | 'signal' | 'onWaiting'> {
  readonly resource: string;
  /** How many requests there are that may be asked again. */
  readonly of: number;
}

/** What was read of a reply, for whoever decides whether to ask again. */
export interface PolledReply {
  readonly answer: Answer;
  /** Null for a reply that is no page: ignored, or without content. */
  readonly records: readonly Json[] | null;
  /** Aborted where nobody waits for it any longer. */
  readonly signal: AbortSignal;
  /** In a replay: whether the same was asked again then. No time passes there that could tell. */
  readonly askedAgain?: boolean | undefined;
  /** It is waited for, and others may be asked meanwhile. */
  onWait(): void;
}

const EVERY = 2000;
const TIMEOUT = 300_000;
/** Milliseconds between two words about it. */
const TELL_EVERY = 5000;

/** The requests of one endpoint that are asked again, side by side, until a condition holds for what they tell of. */
export class Poll {
  readonly #config: PollConfig;
  readonly #parts: PollParts;
  #condition: Promise<Condition> | undefined;
  #startedAt: number | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;
  /** Requests whose last reply has come. */
  #over = 0;
  #unfinished = 0;
  /** Names in the condition that no record had so far; empty before the first record. */
  #unknown: readonly string[] = [];
  #isKnown = false;

  constructor(config: PollConfig, parts: PollParts) {
    this.#config = config;
    this.#parts = parts;
  }

  /**
   * Whether the same is to be asked again, after the wait for that. False where the condition holds for each of the records,
   * for a reply that is no page, and when it took too long. Throws ConfigInvalid for a condition over none of the keys there are.
   */
  async asksAgain({ answer, records, signal, askedAgain, onWait }: PolledReply): Promise<boolean> {
    const now = this.#parts.effects.now();
    this.#startedAt ??= now;
    const isOpen = records === null ? isAccepted(answer) : !(await this.#holds(records, answer.request));
    if (!isOpen) return this.#end();
    const wait = askedAgain === undefined ? this.#waitAfter(answer, this.#startedAt) : askedAgain ? 0 : null;
    if (wait === null) {
      this.#unfinished += 1;
      return this.#end();
    }
    onWait();
    this.#tell();
    await this.#parts.effects.sleep(wait, signal).catch((error: unknown) => {
      throw asInterruption(error, signal);
    });
    return true;
  }

  /** What a person should know of it at the end. */
  get notes(): string[] {
    if (this.#unfinished === 0) return [];
    const { until, timeout = TIMEOUT } = this.#config;
    const what = this.#parts.of === 1 ? 'it was' : `${this.#unfinished} of ${this.#parts.of} were`;
    const unknown = this.#unknown.map((name) => `; no record had \`${printable(name)}\``).join('');
    return [
      `${what} still open after ${configured(timeout)} and loaded as they stood (\`until: ${printable(until)}\`${unknown})`,
    ];
  }

  async close(): Promise<void> {
    const condition = await this.#condition?.catch(() => undefined);
    condition?.close();
  }

  #end(): boolean {
    this.#over += 1;
    return false;
  }

  async #holds(records: readonly Json[], request: string): Promise<boolean> {
    const items = records.flatMap(membersOf);
    const { resource, signal } = this.#parts;
    this.#condition ??= Condition.open(this.#config.until, { resource, key: 'poll', step: 'until', signal });
    const condition = await this.#condition;
    const names = [...new Set(items.flatMap((item) => Object.keys(item)))];
    if (items.length > 0) this.#look(condition.names, names, request);
    return condition.holdsForAll(items);
  }

  /** A key may come with a later reply, such as that of an error: only a condition over nothing that is there is a mistake. */
  #look(wanted: readonly string[], there: readonly string[], request: string): void {
    const lower = new Set(there.map((name) => name.toLowerCase()));
    const missing = (this.#isKnown ? this.#unknown : wanted).filter((name) => !lower.has(name.toLowerCase()));
    if (!this.#isKnown && wanted.length > 0 && missing.length === wanted.length)
      throw nothingToLookAt(this.#parts.resource, this.#config.until, there, request);
    this.#unknown = missing;
    this.#isKnown = true;
  }

  /** Milliseconds; null where it is not to be asked again in time. */
  #waitAfter(answer: Answer, startedAt: number): number | null {
    const { every = EVERY, timeout = TIMEOUT } = this.#config;
    const now = this.#parts.effects.now();
    const left = startedAt + timeout - now;
    const said = retryAfter(answer, now);
    if (left <= 0 || (said !== null && said > left)) return null;
    return said ?? Math.min(every, left);
  }

  #tell(): void {
    const { effects, of, onWaiting } = this.#parts;
    const now = effects.now();
    if (now - this.#toldAt < TELL_EVERY) return;
    this.#toldAt = now;
    onWaiting?.({ kind: 'poll', open: of - this.#over, of, until: this.#config.until });
  }
}

// --- internal ---

/** What was asked for has begun, and there is nothing to show of it yet. */
function isAccepted({ status }: Answer): boolean {
  return status === 202;
}

function nothingToLookAt(resource: string, until: string, there: readonly string[], request: string): PipelineError {
  return new PipelineError({
    code: 'ConfigInvalid',
    message: `\`poll.until: ${printable(until)}\` of \`${resource}\` is about keys that the record of ${request} does not have. It has: ${shortened(
      there.map((name) => printable(name)),
      30,
    )}.`,
    hint: 'Correct the names; inside of an object it is `"result"->>\'status\'`.',
    facts: { resource, until, keys: there },
  });
}
