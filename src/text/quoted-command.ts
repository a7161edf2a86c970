/** A word as a POSIX shell takes it. */
export function quotedWord(word: string): string {
  return /^[\w./@%+=:,~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command as a person would type it. */
export function quotedCommand(words: readonly string[]): string {
  return words.map(quotedWord).join(' ');
}
