import { Database } from '../duckdb/database.ts';
import type { Effects } from '../effects.ts';
import { asPipelineError, PipelineError } from '../errors.ts';
import { fail, ok, type Symptom, warn } from '../report/doctor-text.ts';
import { version } from '../version.ts';

/** package.json says the same. */
const OLDEST_NODE = [20, 19] as const;

/** Of the program itself, and what it runs on. */
export async function programSymptoms({ env }: Pick<Effects, 'env'>): Promise<Symptom[]> {
  return [
    ok('program', `dezgo-elt ${version}, Node ${process.versions.node}, ${process.platform} ${process.arch}`),
    ...oldNode(process.versions.node),
    await driver(),
    ...(env.NODE_TLS_REJECT_UNAUTHORIZED === '0'
      ? [
          warn(
            'certificates',
            'NODE_TLS_REJECT_UNAUTHORIZED=0: certificates are not verified, anybody in between can read the key',
            'Unset it; name the certificate of your own authority in NODE_EXTRA_CA_CERTS.',
          ),
        ]
      : []),
  ];
}

// --- internal ---

function oldNode(node: string): Symptom[] {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const [least, leastMinor] = OLDEST_NODE;
  if (major > least || (major === least && minor >= leastMinor)) return [];
  return [
    warn(
      'program',
      `Node ${node} is older than what this was made for`,
      `Install Node ${least}.${leastMinor} or later.`,
    ),
  ];
}

async function driver(): Promise<Symptom> {
  try {
    const database = await Database.open();
    try {
      const connection = await database.connect();
      const row = await connection.row('select version() as version');
      return ok('duckdb', `DuckDB ${String(row?.version)}`);
    } finally {
      database.close();
    }
  } catch (cause) {
    const { code, message } = asPipelineError(cause);
    const hint = 'DuckDB comes with a native library: install again for this platform, with `npm ci` say.';
    return fail('duckdb', new PipelineError({ code, message, hint, cause }));
  }
}
