/** `1 row`, `1,200 rows`. */
export function count(amount: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(amount)} ${amount === 1 ? noun : plural}`;
}

/** The first names and how many more there are: `id, name, family and 9 more`. */
export function shortened(names: readonly string[], most = 6): string {
  if (names.length <= most) return names.join(', ');
  return `${names.slice(0, most).join(', ')} and ${grouped(names.length - most)} more`;
}

/** `1,200`. Loading `Intl` for this would cost a twentieth of a short run. */
function grouped(amount: number): string {
  return String(amount).replace(/\B(?=(\d{3})+$)/g, ',');
}
