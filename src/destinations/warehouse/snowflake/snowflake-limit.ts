/** Its end, or what `late` says after so many milliseconds: the driver's own limits are minutes, or none. */
export async function within<T>(work: Promise<T>, milliseconds: number, late: () => Promise<T> | T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<T>((resolve, reject) => {
    timer = setTimeout(() => {
      new Promise<T>((done) => done(late())).then(resolve, reject);
    }, milliseconds);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
