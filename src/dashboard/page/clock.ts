/** Does `work` every so many milliseconds while somebody looks at the page; returns what ends it. */
export function whileSeen(milliseconds: number, work: () => void): () => void {
  const timer = setInterval(() => {
    if (!document.hidden) work();
  }, milliseconds);
  const onShown = () => {
    if (!document.hidden) work();
  };
  document.addEventListener('visibilitychange', onShown);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', onShown);
  };
}

/** Milliseconds since 1970. */
export function timeNow(): number {
  return Date.now();
}
