/**
 * What is odd about a key as it is sent, such as `begins or ends with a quotation mark`; undefined for one that may be right.
 * `name` is that of the header or parameter that carries it. Says nothing of the key itself.
 */
export function keyOddity(sent: string, name: string): string | undefined {
  const isScheme = /authorization$/i.test(name);
  const key = isScheme ? sent.replace(/^[A-Za-z]+ /, '') : sent;
  if (/[\r\n]/.test(key)) return 'holds a line break';
  if (quotes.test(key)) return 'begins or ends with a quotation mark';
  if (/^\s|\s$/.test(key)) return 'begins or ends with a blank';
  if (/[\u00ad\u200b-\u200f\u2060\ufeff]/.test(key)) return 'holds a character that cannot be seen';
  if (/…|\.\.\./.test(key)) return 'holds `…`, as if it were cut short';
  if (/^bearer\s/i.test(key)) return `begins with \`Bearer\`${isScheme ? ', which is sent already' : ''}`;
  return key.toLowerCase().startsWith(`${name.toLowerCase()}:`) ? 'begins with the name of its header' : undefined;
}

// --- internal ---

const quotes = /^["'`“”„‘’«»]|["'`“”„‘’«»]$/;
