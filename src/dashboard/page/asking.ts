import { base } from './place.ts';
import type { Told } from './told.ts';

interface Asking {
  readonly answer: Promise<unknown>;
  readonly stop: AbortController;
  users: number;
}

const going = new Map<string, Asking>();

/** Why there is no answer. */
export class Unanswered extends Error {
  readonly told: Told;

  constructor(told: Told) {
    super(told.message);
    this.told = told;
  }
}

/**
 * Asks the dashboard for JSON. What is being asked already is not asked twice; it ends when nobody waits for it any more.
 *
 * @returns the answer, and what to call when it is not waited for any more
 * @throws Unanswered
 */
export function ask<Data>(name: string): { readonly answer: Promise<Data>; readonly leave: () => void } {
  const asking = going.get(name) ?? begin(name);
  asking.users += 1;
  return {
    answer: asking.answer as Promise<Data>, // each name has data of one kind
    leave: () => {
      asking.users -= 1;
      if (asking.users > 0) return;
      asking.stop.abort();
      if (going.get(name) === asking) going.delete(name);
    },
  };
}

// --- internal ---

function begin(name: string): Asking {
  const stop = new AbortController();
  const answer = fetchJson(name, stop.signal).finally(() => {
    if (going.get(name) === asking) going.delete(name);
  });
  const asking: Asking = { answer, stop, users: 0 };
  going.set(name, asking);
  return asking;
}

async function fetchJson(name: string, signal: AbortSignal): Promise<unknown> {
  const reply = await fetch(`${base}${name}`, { signal }).catch(() => undefined);
  if (reply === undefined) throw new Unanswered(unreachable);
  const body = await reply.json();
  if (!reply.ok) throw new Unanswered(body.failure);
  return body;
}

const unreachable: Told = {
  code: 'Unreachable',
  message: 'The dashboard does not answer.',
  hint: 'Start it again with `dezgo-elt show`, which prints a new address.',
};
