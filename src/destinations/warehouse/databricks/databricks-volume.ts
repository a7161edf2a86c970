import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import https from 'node:https';
import { PipelineError } from '../../../errors.ts';
import type { DatabricksPlace } from './databricks-client.ts';
import { databricksError } from './databricks-errors.ts';
import { databricksLocation } from './databricks-location.ts';
import { databricksIdentifier } from './databricks-names.ts';
import { databricksToken } from './databricks-tokens.ts';

/** dlt's. */
const VOLUME = '_dlt_staging_load_volume';
/** Milliseconds without a byte in either direction. */
const SILENCE = 300_000;

interface SentFile {
  readonly path: string;
  readonly size: number;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A volume of Unity Catalog, by the Files API. https://docs.databricks.com/api/workspace/files */
export class DatabricksVolume {
  readonly #place: DatabricksPlace;
  readonly #signal: AbortSignal | undefined;

  constructor(place: DatabricksPlace, signal: AbortSignal | undefined) {
    this.#place = place;
    this.#signal = signal;
  }

  /** The statement that makes it; undefined where somebody else did. */
  get creation(): string | undefined {
    const { volume, dataset } = this.#place;
    if (volume !== undefined) return undefined;
    return `create volume if not exists ${databricksIdentifier(dataset)}.${databricksIdentifier(VOLUME)}`;
  }

  /** Sends a file. @returns its path, as the engine sees it */
  async put(name: string, path: string): Promise<string> {
    const { size } = await stat(path);
    await this.#done('PUT', `${this.#nameOf(name)}?overwrite=true`, { path, size });
    return `${this.#place.root}/${this.#nameOf(name)}`;
  }

  async delete(name: string): Promise<void> {
    await this.#done('DELETE', this.#nameOf(name));
  }

  async has(name: string): Promise<boolean> {
    const { status } = await this.#send('HEAD', this.#nameOf(name));
    return status >= 200 && status < 300;
  }

  #nameOf(file: string): string {
    const { volume, dataset, credentials } = this.#place;
    const parts = volume?.split('.') ?? [credentials.catalog, dataset.toLowerCase(), VOLUME];
    return [...parts, file].map(encodeURIComponent).join('/');
  }

  async #done(method: 'PUT' | 'DELETE', name: string, body?: SentFile): Promise<void> {
    const { status, text } = await this.#send(method, name, body);
    if (status >= 200 && status < 300) return;
    if (method === 'DELETE' && status === 404) return;
    throw this.#notTaken(status, text);
  }

  async #send(method: 'PUT' | 'DELETE' | 'HEAD', name: string, body?: SentFile): Promise<Answer> {
    const { credentials } = this.#place;
    const url = new URL(`https://${credentials.server_hostname}/api/2.0/fs/files/Volumes/${name}`);
    const headers = {
      authorization: `Bearer ${await databricksToken(credentials)}`,
      ...(body === undefined ? {} : { 'content-type': 'application/octet-stream', 'content-length': body.size }),
    };
    return this.#answer(url, { method, headers }, body?.path).catch((error: unknown) => {
      this.#signal?.throwIfAborted();
      throw databricksError(error, databricksLocation(credentials));
    });
  }

  #answer(url: URL, options: { method: string; headers: Record<string, string | number> }, path?: string) {
    const signal = this.#signal;
    return new Promise<Answer>((resolve, reject) => {
      const sent = https.request(
        url,
        { ...options, timeout: SILENCE, ...(signal === undefined ? {} : { signal }) },
        (reply) => {
          let text = '';
          reply.setEncoding('utf8').on('data', (piece: string) => {
            text = `${text}${piece}`.slice(0, 2000);
          });
          reply.once('error', reject).once('end', () => resolve({ status: reply.statusCode ?? 0, text }));
        },
      );
      sent.once('timeout', () => sent.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
      sent.once('error', reject);
      if (path === undefined) sent.end();
      else
        createReadStream(path)
          .once('error', (error) => sent.destroy(error))
          .pipe(sent);
    });
  }

  /** A volume that somebody else was to make is named in the configuration. */
  #notTaken(status: number, text: string): PipelineError {
    const { volume, credentials } = this.#place;
    const location = databricksLocation(credentials);
    const said = /"message"\s*:\s*"([^"]{1,300})/.exec(text)?.[1];
    const isWrong = status === 401 || (status === 404 && volume !== undefined);
    const words = said === undefined ? '' : `, ${said.replace(/\.$/, '')}`;
    return new PipelineError({
      code: isWrong ? 'ConfigInvalid' : 'DestinationFailed',
      message: `${location} did not take a file of the load into the volume${volume === undefined ? '' : ` ${volume}`}: HTTP ${status}${words}.`,
      hint: `${hintFor(status, volume)} What was extracted is kept: the next run loads it.`,
      facts: { destination: location, status },
    });
  }
}

// --- internal ---

function hintFor(status: number, volume: string | undefined): string {
  if (status === 401) return 'Correct `credentials` of the destination.';
  if (status === 403) return 'Grant `write volume` on the volume, or `create volume` on the schema.';
  if (status === 404 && volume !== undefined) return 'Make the volume, or correct `staging_volume_name`.';
  return 'How the warehouse is: dezgo-elt doctor.';
}
