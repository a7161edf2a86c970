import { missingSecrets } from '../config/missing-secrets.ts';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import type { Effects, HttpReply, Transport } from '../effects.ts';
import { fetchTransport } from '../extract/http/fetch-transport.ts';
import type { DraftedSource } from '../openapi/drafted-source.ts';
import type { SampledReply, Samples } from '../openapi/looked-operation.ts';
import { Sampler } from '../run/sampler.ts';
import { selectResources } from '../run/select-resources.ts';

export interface SampleParts {
  readonly effects: Effects;
  readonly signal: AbortSignal;
}

/**
 * Asks for the first page of every list that needs nothing from a person, and of what the document says nothing of: parents before
 * their children, a GET each, with the secrets of the project.
 *
 * @throws PipelineError SecretMissing, and what a run throws before its first request
 */
export async function sampleLists(
  draft: DraftedSource,
  config: PipelineConfig,
  { effects, signal }: SampleParts,
): Promise<Samples> {
  const names = draft.resources
    .filter((one) => (one.isList && one.whyNot === undefined) || (one.isUnknown && isReady(one)))
    .map(({ name }) => name);
  const samples = new Map<string, SampledReply>();
  if (names.length === 0) return samples;
  const [missing] = await missingSecrets(config, names);
  if (missing !== undefined) throw missing;
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
      else if (failure !== undefined) samples.set(resource.name, { failure: failure.message });
    }
  } finally {
    await sampler.close();
  }
  return samples;
}

// --- internal ---

function isReady({ params, headers, path }: DraftedSource['resources'][number]): boolean {
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
  #last: HttpReply | undefined;

  constructor(transport: Transport) {
    this.transport = async (request) => {
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
