/** A statement without the semicolons and blanks at its end, to stand in brackets. */
export function plainSelect(sql: string): string {
  let end = sql.length;
  while (end > 0 && /[\s;]/.test(sql.charAt(end - 1))) end -= 1;
  return sql.slice(0, end);
}
