import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { absentIsUndefined } from '../files/reason.ts';
import { VALUES_FILE } from './archived-run.ts';

/** What the values of a resource were, as a line of the file of values. */
export function valuesLine(resource: string, values: unknown): string {
  return `${JSON.stringify({ resource, values })}\n`;
}

/** Of an archived run, by resource. Throws what the file system says, and Error for a line that is no JSON. */
export async function readArchivedValues(folder: string): Promise<Map<string, unknown>> {
  const text = (await readFile(join(folder, VALUES_FILE), 'utf8').catch(absentIsUndefined)) ?? '';
  const lines = text.split('\n').slice(0, -1); // behind the last line end is nothing, or what was not finished
  return new Map(
    lines.map((line) => {
      const { resource, values }: { resource: string; values: unknown } = JSON.parse(line);
      return [resource, values] as const;
    }),
  );
}
