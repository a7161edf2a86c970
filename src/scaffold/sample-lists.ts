import { missingSecrets } from '../config/missing-secrets.ts';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import type { Effects, HttpReply, Transport } from '../effects.ts';
import { PipelineError } from '../errors.ts';
import { fetchTransport } from '../extract/http/fetch-transport.ts';
import type { DraftedResource, DraftedSource } from '../openapi/drafted-source.ts';
import type { SampledReply, Samples } from '../openapi/looked-operation.ts';
import { Sampler } from '../run/sampler.ts';
import { selectResources } from '../run/select-resources.ts';

export interface SampleParts {
  readonly effects: Effects;
  readonly signal: AbortSignal;
}

export interface SampledLists {
  readonly samples: Samples;
  /** Requests that were sent. */
  readonly requests: number;
  /** Resources whose request was refused (401, 403), though others were answered. */
  readonly refused: readonly string[];
}

/**
 * Asks for the first page of every list that needs nothing from a person, and of what the document says nothing of: parents before
 * their children, a GET each, with the secrets of the project.
 *
 * @throws PipelineError SecretMissing; SourceRefused where nothing that needs the key was answered; SourceUnavailable and
 * SourceThrottled where nothing was; and what a run throws before its first request
 */
export async function sampleLists(
  draft: DraftedSource,
  config: PipelineConfig,
  { effects, signal }: SampleParts,
): Promise<SampledLists> {
  const names = draft.resources
    .filter((one) => (one.isList && one.whyNot === undefined) || (one.isUnknown && isReady(one)))
    .map(({ name }) => name);
  const samples = new Map<string, SampledReply>();
  const failures = new Map<string, PipelineError>();
  if (names.length === 0) return { samples, requests: 0, refused: [] };
  const [missing] = await missingSecrets(config, names);
  if (missing !== undefined) throw withoutKey(missing, draft);
  const replies = new KeptReplies(effects.transport ?? fetchTransport(effects.env));
  const chosen = selectResources(config, { names, command: 'init' });
  const sampler = await Sampler.open(onceOnly(config), chosen, {
    effects: { ...effects, transport: replies.transport },
    signal,
    limits: { records: 1, pages: 1 },
    goesOn: false,
  });
  try {
    for (const resource of chosen) {
      replies.forget();
      const { failure, notAsked } = await sampler.sample(resource);
      effects.log.progress(`${resource.name}: ${failure === undefined ? (notAsked ?? 'asked') : failure.message}`);
      const reply = replies.json();
      if (reply !== undefined) samples.set(resource.name, { reply });
      else if (failure !== undefined) {
        samples.set(resource.name, { failure: failure.message });
        failures.set(resource.name, failure);
      }
    }
  } finally {
    await sampler.close();
  }
  const answered = draft.resources.filter(({ name }) => samples.has(name) && !failures.has(name));
  const useless = whyUseless(answered, failures);
  if (useless !== undefined) throw nothingWritten(useless);
  const refused = [...failures].filter(([, { code }]) => code === 'SourceRefused').map(([name]) => name);
  return { samples, requests: replies.requests, refused };
}

// --- internal ---

/** Who is refused where a key is needed has the wrong one, and whoever does not answer tells nothing of any list. */
function whyUseless(
  answered: readonly DraftedResource[],
  failures: ReadonlyMap<string, PipelineError>,
): PipelineError | undefined {
  const all = [...failures.values()];
  const refused = all.find(({ code }) => code === 'SourceRefused');
  if (refused !== undefined && answered.every(({ auth }) => auth === 'none')) return refused;
  const unanswered = all.find(({ code }) => code === 'SourceUnavailable' || code === 'SourceThrottled');
  return answered.length === 0 ? unanswered : undefined;
}

function nothingWritten({ code, message, hint, facts, cause }: PipelineError): PipelineError {
  return new PipelineError({ code, message, hint: `${hint} Nothing was written.`, facts, cause });
}

/** Nobody has a secrets.example.yaml yet. */
function withoutKey(missing: PipelineError, { name }: DraftedSource): PipelineError {
  const { key } = missing.facts;
  if (missing.code !== 'SecretMissing' || typeof key !== 'string') return missing;
  const { code, message, facts } = missing;
  const source = `${name}_source`;
  const last = key.split('.').at(-1) ?? key;
  const variable = `SOURCES__${source}__${last}`.toUpperCase();
  return new PipelineError({
    code,
    message,
    hint: `\`export ${variable}=…\`, or write into secrets.yaml beside where the configuration will be: \`sources: { ${source}: { ${last}: … } }\`. Nothing was written; without --sample, init makes the files first.`,
    facts,
  });
}

function isReady({ params, headers, path }: DraftedResource): boolean {
  return path.why === undefined && [...params, ...headers].every(({ value }) => value !== undefined);
}

/** Whoever waits wants to know how it is now. */
function onceOnly(config: PipelineConfig): PipelineConfig {
  const { client } = config.source;
  if (client === undefined) return config;
  const retry = {
    ...client.retry,
    attempts: Math.min(client.retry.attempts, 2),
    max_delay: Math.min(client.retry.max_delay, 5000),
  };
  return { ...config, source: { ...config.source, client: { ...client, retry } } };
}

/** Bodies as they came: a selector that finds nothing in one is what is to be corrected. */
class KeptReplies {
  readonly transport: Transport;
  requests = 0;
  #last: HttpReply | undefined;

  constructor(transport: Transport) {
    this.transport = async (request) => {
      this.requests += 1;
      const reply = await transport(request);
      if (request.method === 'GET' && reply.status === 200) this.#last = reply;
      return reply;
    };
  }

  forget(): void {
    this.#last = undefined;
  }

  json(): unknown {
    try {
      return this.#last === undefined ? undefined : JSON.parse(Buffer.from(this.#last.body).toString('utf8'));
    } catch {
      return undefined;
    }
  }
}
