/**
 * Does all of it: so many pieces at a time, begun in their order.
 *
 * @throws what the first piece threw that failed, when no other one is under way any more; the rest is not begun
 */
export async function allAtOnce(pieces: readonly (() => Promise<void>)[], most = 1): Promise<void> {
  const waiting = [...pieces];
  let failure: { readonly error: unknown } | undefined;
  const work = async () => {
    for (let piece = waiting.shift(); piece !== undefined && failure === undefined; piece = waiting.shift())
      await piece().catch((error: unknown) => {
        failure ??= { error };
      });
  };
  await Promise.all(Array.from({ length: Math.min(most, pieces.length) }, work));
  if (failure !== undefined) throw failure.error;
}
