/** What git should not see of a project: secrets, and what a run writes. */
const wanted = [
  'secrets.yaml',
  '.env',
  '.dlt/',
  '.dezgo-elt/',
  '*.duckdb',
  '*.duckdb.*',
  '/files/',
  'demo/',
  'node_modules/',
];

/** What is to be added at the end of a `.gitignore`, '' where it has everything. */
export function ignoreAddition(text: string): string {
  const missing = missingIgnoreLines(text);
  if (missing.length === 0) return '';
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const isOpen = text !== '' && !text.endsWith('\n');
  return `${isOpen ? end : ''}${text === '' ? '' : end}${['# dezgo-elt', ...missing].join(end)}${end}`;
}

// --- internal ---

/** Those of the lines that a `.gitignore` lacks, in their order. */
function missingIgnoreLines(text: string): string[] {
  const there = new Set(text.split(/\r?\n/).map((line) => line.trim().replace(/^\//, '').replace(/\/$/, '')));
  return wanted.filter((line) => !there.has(line.replace(/^\//, '').replace(/\/$/, '')));
}
