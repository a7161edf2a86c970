/** Milliseconds after which a reply is slow. */
const SLOW = 5000;

/** Waits for a reply; tells the milliseconds so far when it is slow, and again each time it has taken twice as long. */
export async function tellingWhileSlow<T>(reply: Promise<T>, tell: (milliseconds: number) => void): Promise<T> {
  let waited = SLOW;
  let timer = setTimeout(tellAndWait, SLOW);
  function tellAndWait(): void {
    tell(waited);
    timer = setTimeout(tellAndWait, waited);
    waited *= 2;
  }
  try {
    return await reply;
  } finally {
    clearTimeout(timer);
  }
}
