import type { Readable } from 'node:stream';
import type { StorageCredentials } from '../../../config/grammar/storage-credentials.ts';

import type { ObjectSource, ObjectStore, StoredObject } from '../object-store.ts';
import { bucketError } from '../store-errors.ts';
import type { BucketPlace } from './bucket-place.ts';
import { importClient } from './import-client.ts';
import { toldStream } from './told-stream.ts';
import { TRIAL } from './trial.ts';

/** The parts of Google's library that are used. */
interface GcsLibrary {
  readonly Storage: new (options: object) => { bucket(name: string): GcsBucket };
}
interface GcsBucket {
  upload(path: string, options: object): Promise<unknown>;
  file(name: string): GcsFile;
  getFiles(options: object): Promise<readonly [readonly GcsFile[], ...unknown[]]>;
}
interface GcsFile {
  readonly name: string;
  readonly metadata: { readonly size?: string | number };
  save(text: string, options: object): Promise<unknown>;
  exists(): Promise<readonly [boolean]>;
  createReadStream(): Readable;
  delete(options: object): Promise<unknown>;
}

/** A bucket of Google Cloud Storage. */
class GcsStore implements ObjectStore {
  readonly location: string;
  readonly #place: BucketPlace;
  readonly #bucket: GcsBucket;

  constructor(place: BucketPlace, bucket: GcsBucket) {
    this.location = place.location;
    this.#place = place;
    this.#bucket = bucket;
  }

  put(key: string, source: ObjectSource, { ifAbsent = false } = {}): Promise<boolean> {
    return this.#telling(async () => {
      const name = this.#place.prefixOf(key);
      if (typeof source !== 'string') {
        await this.#bucket.upload(source.file, { destination: name });
        return true;
      }
      const condition = ifAbsent ? { preconditionOpts: { ifGenerationMatch: 0 } } : {};
      const put = this.#bucket.file(name).save(source, { resumable: false, ...condition });
      return unlessStatus(
        412,
        put.then(() => true),
        false,
      );
    });
  }

  get(key: string): Promise<Readable | undefined> {
    return this.#telling(async () => {
      const file = this.#bucket.file(this.#place.prefixOf(key));
      const [isThere] = await file.exists();
      return isThere ? toldStream(file.createReadStream(), (error) => bucketError(error, this.#place)) : undefined;
    });
  }

  list(prefix: string): Promise<readonly StoredObject[]> {
    return this.#telling(async () => {
      const { keyOf, prefixOf } = this.#place;
      const [files] = await this.#bucket.getFiles({ prefix: prefixOf(prefix) });
      return files.map(({ name, metadata }) => ({ key: keyOf(name), bytes: Number(metadata.size ?? 0) }));
    });
  }

  async delete(key: string): Promise<void> {
    await this.#telling(() => this.#bucket.file(this.#place.prefixOf(key)).delete({ ignoreNotFound: true }));
  }

  async tryOut(): Promise<void> {
    await this.put(TRIAL, TRIAL);
    await this.delete(TRIAL);
  }

  async #telling<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw bucketError(error, this.#place);
    }
  }
}

/** @throws PipelineError ConfigInvalid: Google's library is not installed */
export async function openGcs(place: BucketPlace, given: StorageCredentials): Promise<ObjectStore> {
  const { Storage } = await importClient<GcsLibrary>('@google-cloud/storage');
  const { client_email, private_key, project_id: projectId, endpoint_url: apiEndpoint } = given;
  // Without an account the library looks for one: GOOGLE_APPLICATION_CREDENTIALS, gcloud, the role of the machine.
  const account = private_key && { credentials: { client_email, private_key: private_key.reveal() } };
  // All that is put again is the same; only who may put it first is told by a condition.
  const retryOptions = { maxRetries: 3, totalTimeout: 120, idempotencyStrategy: 0 };
  const storage = new Storage({
    projectId,
    retryOptions,
    timeout: 60_000,
    ...account,
    ...(apiEndpoint && { apiEndpoint }),
  });
  return new GcsStore(place, storage.bucket(place.bucket));
}

// --- internal ---

async function unlessStatus<T, U>(status: number, work: Promise<T>, instead: U): Promise<T | U> {
  return work.catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && Number(error.code) === status) return instead;
    throw error;
  });
}
