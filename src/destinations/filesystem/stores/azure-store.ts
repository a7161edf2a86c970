import type { Readable } from 'node:stream';
import type { StorageCredentials } from '../../../config/grammar/storage-credentials.ts';
import { PipelineError } from '../../../errors.ts';

import type { ObjectSource, ObjectStore, StoredObject } from '../object-store.ts';
import { bucketError } from '../store-errors.ts';
import type { BucketPlace } from './bucket-place.ts';
import { importClient } from './import-client.ts';
import { toldStream } from './told-stream.ts';
import { TRIAL } from './trial.ts';

/** The parts of Azure's library that are used. */
interface AzureLibrary {
  readonly StorageSharedKeyCredential: new (account: string, key: string) => object;
  readonly ContainerClient: new (url: string, credential: object | undefined, options: object) => Container;
}
interface Container {
  getBlockBlobClient(name: string): Blob;
  listBlobsFlat(options: object): AsyncIterable<{
    readonly name: string;
    readonly properties: { readonly contentLength?: number };
  }>;
}
interface Blob {
  uploadFile(path: string, options: object): Promise<unknown>;
  upload(text: string, bytes: number, options: object): Promise<unknown>;
  download(): Promise<{ readonly readableStreamBody?: NodeJS.ReadableStream & Readable }>;
  deleteIfExists(): Promise<unknown>;
}

/** Bytes that are sent at once. */
const BLOCK = 8_000_000;

/** A container of Azure Blob Storage. */
class AzureStore implements ObjectStore {
  readonly location: string;
  readonly #place: BucketPlace;
  readonly #container: Container;

  constructor(place: BucketPlace, container: Container) {
    this.location = place.location;
    this.#place = place;
    this.#container = container;
  }

  put(key: string, source: ObjectSource, { ifAbsent = false } = {}): Promise<boolean> {
    return this.#telling(async () => {
      const blob = this.#blob(key);
      if (typeof source !== 'string') {
        await blob.uploadFile(source.file, { blockSize: BLOCK, maxSingleShotSize: BLOCK, concurrency: 3 });
        return true;
      }
      const conditions = ifAbsent ? { ifNoneMatch: '*' } : {};
      const put = blob.upload(source, Buffer.byteLength(source), { conditions });
      return unlessCode(
        ['BlobAlreadyExists', 'ConditionNotMet'],
        put.then(() => true),
        false,
      );
    });
  }

  get(key: string): Promise<Readable | undefined> {
    return this.#telling(async () => {
      const answer = await unlessCode(['BlobNotFound'], this.#blob(key).download(), undefined);
      const body = answer?.readableStreamBody;
      return body && toldStream(body, (error) => bucketError(error, this.#place));
    });
  }

  list(prefix: string): Promise<readonly StoredObject[]> {
    return this.#telling(async () => {
      const { keyOf, prefixOf } = this.#place;
      const found: StoredObject[] = [];
      for await (const { name, properties } of this.#container.listBlobsFlat({ prefix: prefixOf(prefix) }))
        found.push({ key: keyOf(name), bytes: properties.contentLength ?? 0 });
      return found;
    });
  }

  async delete(key: string): Promise<void> {
    await this.#telling(() => this.#blob(key).deleteIfExists());
  }

  async tryOut(): Promise<void> {
    await this.put(TRIAL, TRIAL);
    await this.delete(TRIAL);
  }

  #blob(key: string): Blob {
    return this.#container.getBlockBlobClient(this.#place.prefixOf(key));
  }

  async #telling<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw bucketError(error, this.#place);
    }
  }
}

/** @throws PipelineError ConfigInvalid: Azure's library is not installed, or the configuration names no account */
export async function openAzure(place: BucketPlace, given: StorageCredentials): Promise<ObjectStore> {
  const library = await importClient<AzureLibrary>('@azure/storage-blob');
  const account = given.azure_storage_account_name ?? place.account;
  if (account === undefined) throw noAccount(place.location);
  const key = given.azure_storage_account_key;
  const token = given.azure_storage_sas_token;
  const credential = key && new library.StorageSharedKeyCredential(account, key.reveal());
  const signature = credential === undefined && token !== undefined ? `?${token.reveal().replace(/^\?/, '')}` : '';
  const retryOptions = { maxTries: 4, tryTimeoutInMs: 120_000, maxRetryDelayInMs: 10_000 };
  const url = `${hostOf(account, given.azure_account_host)}/${place.bucket}${signature}`;
  return new AzureStore(place, new library.ContainerClient(url, credential, { retryOptions }));
}

// --- internal ---

/** dlt's `azure_account_host` is a host; another server has an address with a path. */
function hostOf(account: string, host = `${account}.blob.core.windows.net`): string {
  const address = /^https?:\/\//.test(host) ? host : `https://${host}`;
  return address.endsWith('/') ? address.slice(0, -1) : address;
}

function noAccount(location: string): PipelineError {
  return new PipelineError({
    code: 'ConfigInvalid',
    message: `${location} belongs to a storage account that is not named.`,
    hint: 'Name it in `pipeline.destination.credentials.azure_storage_account_name`.',
    facts: { location },
  });
}

async function unlessCode<T, U>(codes: readonly string[], work: Promise<T>, instead: U): Promise<T | U> {
  return work.catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && codes.includes(String(error.code))) return instead;
    throw error;
  });
}
