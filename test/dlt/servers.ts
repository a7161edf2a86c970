import { provideExtensions } from '../destinations/servers/extensions.mjs';
import { startPostgres } from '../destinations/servers/postgres.mjs';

/** A PostgreSQL server, and DuckDB's extensions: their addresses are in the environment of the tests. */
export default async function servers(): Promise<() => Promise<void>> {
  const started = await Promise.all([startPostgres(), provideExtensions()]);
  for (const { env } of started) Object.assign(process.env, env);
  return async () => {
    await Promise.all(started.map(({ stop }) => stop()));
  };
}
