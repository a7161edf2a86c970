import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { StorageCredentials } from '../../../config/grammar/storage-credentials.ts';
import { silently } from '../../../effects.ts';

import { s3ClientSettings } from '../../s3-client-settings.ts';
import type { ObjectSource, ObjectStore, StoredObject } from '../object-store.ts';
import { bucketError } from '../store-errors.ts';
import type { BucketPlace } from './bucket-place.ts';
import { importClient } from './import-client.ts';
import { toldStream } from './told-stream.ts';
import { TRIAL } from './trial.ts';

/** The parts of the AWS SDK that are used. */
interface S3Library {
  readonly S3Client: new (config: object) => S3Client;
  readonly PutObjectCommand: new (input: object) => Command<object>;
  readonly GetObjectCommand: new (input: object) => Command<{ readonly Body?: Readable }>;
  readonly DeleteObjectCommand: new (input: object) => Command<object>;
  readonly ListObjectsV2Command: new (input: object) => Command<Listing>;
}
interface UploadLibrary {
  readonly Upload: new (options: object) => { done(): Promise<unknown> };
}
interface S3Client {
  send<Output>(command: Command<Output>): Promise<Output>;
  destroy(): void;
}
interface Command<Output> {
  readonly output?: Output;
}
interface Listing {
  readonly Contents?: readonly { readonly Key?: string; readonly Size?: number }[];
  readonly NextContinuationToken?: string;
}

/** A bucket of S3, or of a server that speaks its protocol. */
class S3Store implements ObjectStore {
  readonly location: string;
  readonly #place: BucketPlace;
  readonly #client: S3Client;
  readonly #s3: S3Library;
  readonly #uploads: UploadLibrary;

  constructor(place: BucketPlace, client: S3Client, s3: S3Library, uploads: UploadLibrary) {
    this.location = place.location;
    this.#place = place;
    this.#client = client;
    this.#s3 = s3;
    this.#uploads = uploads;
  }

  put(key: string, source: ObjectSource, { ifAbsent = false } = {}): Promise<boolean> {
    return this.#telling(async () => {
      const target = this.#object(key);
      if (typeof source !== 'string') {
        const params = { ...target, Body: createReadStream(source.file) };
        await new this.#uploads.Upload({ client: this.#client, params, queueSize: 3 }).done();
        return true;
      }
      const condition = ifAbsent ? { IfNoneMatch: '*' } : {};
      const put = new this.#s3.PutObjectCommand({ ...target, ...condition, Body: source });
      return unlessNamed(
        ['PreconditionFailed'],
        this.#client.send(put).then(() => true),
        false,
      );
    });
  }

  get(key: string): Promise<Readable | undefined> {
    return this.#telling(async () => {
      const get = this.#client.send(new this.#s3.GetObjectCommand(this.#object(key)));
      const body = (await unlessNamed(['NoSuchKey', 'NotFound'], get, undefined))?.Body;
      return body && toldStream(body, (error) => bucketError(error, this.#place));
    });
  }

  list(prefix: string): Promise<readonly StoredObject[]> {
    return this.#telling(async () => {
      const { bucket, keyOf, prefixOf } = this.#place;
      const found: StoredObject[] = [];
      let next: string | undefined;
      do {
        const page = { Bucket: bucket, Prefix: prefixOf(prefix), ContinuationToken: next };
        const answer: Listing = await this.#client.send(new this.#s3.ListObjectsV2Command(page));
        for (const { Key = '', Size = 0 } of answer.Contents ?? []) found.push({ key: keyOf(Key), bytes: Size });
        next = answer.NextContinuationToken;
      } while (next !== undefined);
      return found;
    });
  }

  async delete(key: string): Promise<void> {
    await this.#telling(() => this.#client.send(new this.#s3.DeleteObjectCommand(this.#object(key))));
  }

  async tryOut(): Promise<void> {
    await this.put(TRIAL, TRIAL);
    await this.delete(TRIAL);
  }

  close(): void {
    this.#client.destroy();
  }

  #object(key: string) {
    return { Bucket: this.#place.bucket, Key: this.#place.prefixOf(key) };
  }

  async #telling<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw bucketError(error, this.#place);
    }
  }
}

/** @throws PipelineError ConfigInvalid: the AWS SDK is not installed */
export async function openS3(place: BucketPlace, given: StorageCredentials): Promise<ObjectStore> {
  const s3 = await importClient<S3Library>('@aws-sdk/client-s3');
  const uploads = await importClient<UploadLibrary>('@aws-sdk/lib-storage');
  // It warns of Node 20, which it runs on.
  return new S3Store(
    place,
    silently(() => new s3.S3Client(s3ClientSettings(given))),
    s3,
    uploads,
  );
}

// --- internal ---

async function unlessNamed<T, U>(names: readonly string[], work: Promise<T>, instead: U): Promise<T | U> {
  return work.catch((error: unknown) => {
    if (error instanceof Error && names.includes(error.name)) return instead;
    throw error;
  });
}
