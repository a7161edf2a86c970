const NOBODY = 65_534;

/** Does the work with the rights of an ordinary user: root may write everything, so tests of missing rights need it. */
export async function withoutRoot<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
