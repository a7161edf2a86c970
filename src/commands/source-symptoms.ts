import { missingSecrets } from '../config/missing-secrets.ts';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import { baseUrlOf, shownText } from '../config/variables.ts';
import type { Effects } from '../effects.ts';
import { asPipelineError, PipelineError } from '../errors.ts';
import { NetworkFailure } from '../extract/http/network-failure.ts';
import { proxyFor } from '../extract/http/proxy.ts';
import { sourceClock } from '../extract/http/source-clock.ts';
import { fail, ok, type Symptom, warn } from '../report/doctor-text.ts';
import { seconds } from '../text/duration.ts';

/** Of the keys, by the places that they came from; what is odd about one is among the warnings of the configuration. */
export async function secretSymptoms(config: PipelineConfig): Promise<Symptom[]> {
  const missing = await missingSecrets(config);
  const origins = new Set(config.secrets.flatMap(({ origin }) => origin ?? []));
  return [
    ...[...origins].map((origin) => ok('secrets', `found in ${origin}`)),
    ...missing.map((error) => fail('secrets', error)),
  ];
}

/** Of the way to the source. Asks for nothing. */
export function proxySymptoms(config: PipelineConfig, { env }: Pick<Effects, 'env'>): Symptom[] {
  const { client } = config.source;
  if (client === undefined) return [];
  try {
    const proxy = proxyFor(baseUrlOf(client), env);
    if (proxy === undefined) return [ok('proxy', 'none: the source is asked directly')];
    const hosts = proxy.except.split(',').filter((host) => host !== '');
    const user = proxy.authorization === undefined ? '' : ' with user name and password';
    return [ok('proxy', `${proxy.url}${user} (${proxy.variable}), but not for ${hosts.join(', ')}`)];
  } catch (error) {
    return [fail('proxy', asPipelineError(error))];
  }
}

/** Of the clock, by that of the source, which is asked once without a key. */
export async function clockSymptoms(config: PipelineConfig, effects: Effects, signal: AbortSignal): Promise<Symptom[]> {
  const { client } = config.source;
  if (client === undefined) return [];
  const shown = shownText(client.base_url, client);
  try {
    const { status, ahead, milliseconds } = await sourceClock(baseUrlOf(client), effects, signal);
    const answered = ok('source', `${shown} answers (${status}) after ${seconds(milliseconds)}`);
    if (ahead === undefined) return [answered, ok('clock', 'the source does not say what time it is')];
    return [answered, clock(ahead)];
  } catch (error) {
    return [fail('source', unreachable(error, shown))];
  }
}

// --- internal ---

/** Milliseconds: signatures and tokens expire within minutes. */
const MOST_OFF = 60_000;

function clock(ahead: number): Symptom {
  const off = seconds(Math.abs(ahead));
  if (Math.abs(ahead) <= MOST_OFF) return ok('clock', 'agrees with that of the source');
  const message = `${off} ${ahead > 0 ? 'ahead of' : 'behind'} that of the source`;
  return warn('clock', message, 'Set the clock of this machine, by NTP say: tokens and times of loads depend on it.');
}

function unreachable(error: unknown, shown: string): PipelineError {
  if (!(error instanceof NetworkFailure)) return asPipelineError(error);
  return new PipelineError({
    code: 'SourceUnavailable',
    message: `${shown} does not answer: ${error.message}.`,
    hint: 'Check the network, DNS, a firewall, and the proxy.',
    cause: error,
  });
}
