import type { Effects } from '../effects.ts';
import type { RunSpans } from './run-spans.ts';

/**
 * The spans of a run, where the program registered a provider of tracers (`node --import ./otel.mjs`); else nothing is loaded.
 * A provider without the API beside this package is a warning.
 */
export async function openSpans({ log, env }: Pick<Effects, 'log' | 'env'>): Promise<RunSpans | undefined> {
  if (!isRegistered()) return undefined;
  try {
    const api = await import('@opentelemetry/api');
    return new (await import('./run-spans.ts')).RunSpans(api, env);
  } catch {
    log.warn(
      'This run has no spans: OpenTelemetry is set up, but dezgo-elt finds no `@opentelemetry/api`. Install it beside dezgo-elt.',
    );
    return undefined;
  }
}

/** Milliseconds that an exporter gets for what it holds. */
const LONGEST_FLUSH = 5000;

/** Before the process ends. An exporter that fails, or takes too long, is left behind. */
export async function flushTelemetry({ sleep }: Pick<Effects, 'sleep'>): Promise<void> {
  if (!isRegistered()) return;
  const done = new AbortController();
  const flush = async () => {
    const { trace, metrics } = await import('@opentelemetry/api');
    await Promise.allSettled([trace.getTracerProvider(), metrics.getMeterProvider()].map(flushProvider));
  };
  const late = sleep(LONGEST_FLUSH, done.signal).catch(() => undefined);
  await Promise.race([flush().catch(() => undefined), late]);
  done.abort();
}

// --- internal ---

/** Where OpenTelemetry's API, whoever loaded it, keeps what was registered. */
const REGISTRY = Symbol.for('opentelemetry.js.api.1');

function isRegistered(): boolean {
  const registered: unknown = Reflect.get(globalThis, REGISTRY);
  return typeof registered === 'object' && registered !== null && 'trace' in registered;
}

/** The API has no flush: an SDK's provider has, behind a proxy. */
async function flushProvider(provider: object): Promise<void> {
  const behind =
    'getDelegate' in provider && typeof provider.getDelegate === 'function' ? provider.getDelegate() : provider;
  if (typeof behind?.forceFlush === 'function') await behind.forceFlush();
}
