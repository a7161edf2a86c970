import type { Connection } from './connection.ts';

/**
 * Does the work while DuckDB has one thread. With it, `copy … to` writes rows in their order as soon as it has some; with several
 * it keeps them back until groups of 122,880 are whole.
 */
export async function withOneThread<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  const row = await connection.row("select current_setting('threads') as threads");
  const threads = Number(row?.threads ?? 1);
  if (threads === 1) return work();
  await connection.run('set global threads = 1');
  try {
    return await work();
  } finally {
    await connection.run(`set global threads = ${threads}`);
  }
}
