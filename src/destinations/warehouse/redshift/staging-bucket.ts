import { createReadStream } from 'node:fs';
import type { StorageCredentials } from '../../../config/grammar/storage-credentials.ts';
import { silently } from '../../../effects.ts';
import { type ClientName, requireClient } from '../../require-client.ts';
import { s3ClientSettings } from '../../s3-client-settings.ts';
import { stagingError } from './staging-errors.ts';

/** The parts of the AWS SDK that are used. */
interface S3Library {
  readonly S3Client: new (config: object) => S3Client;
  readonly DeleteObjectCommand: new (input: object) => object;
}
interface UploadLibrary {
  readonly Upload: new (options: object) => { done(): Promise<unknown> };
}
interface S3Client {
  send(command: object): Promise<unknown>;
  destroy(): void;
}

export interface BucketSettings {
  readonly bucket_url: string;
  readonly credentials: StorageCredentials;
}

/** Where a file lies while Redshift reads it. */
export class StagingBucket {
  readonly #url: string;
  readonly #client: S3Client;
  readonly #s3: S3Library;
  readonly #uploads: UploadLibrary;

  private constructor(url: string, client: S3Client, s3: S3Library, uploads: UploadLibrary) {
    this.#url = url;
    this.#client = client;
    this.#s3 = s3;
    this.#uploads = uploads;
  }

  /** @throws PipelineError UsageInvalid: the AWS SDK is not installed */
  static async open({ bucket_url: url, credentials }: BucketSettings): Promise<StagingBucket> {
    const s3 = await library<S3Library>('@aws-sdk/client-s3');
    const uploads = await library<UploadLibrary>('@aws-sdk/lib-storage');
    const client = silently(() => new s3.S3Client(s3ClientSettings(credentials))); // it warns of Node 20, which it runs on
    return new StagingBucket(url.replace(/\/$/, ''), client, s3, uploads);
  }

  /**
   * Puts a file there, which is gone when `work` is done.
   *
   * @param work is told its URL
   * @throws PipelineError ConfigInvalid: the bucket is not there, or lets nobody in; DestinationFailed: it cannot be reached, or takes nothing
   */
  async whileThere<T>(name: string, path: string, work: (url: string) => Promise<T>): Promise<T> {
    const { host: bucket, pathname } = new URL(this.#url);
    const folder = decodeURIComponent(pathname).replace(/^\//, '');
    const place = { Bucket: bucket, Key: folder === '' ? name : `${folder}/${name}` };
    const params = { ...place, Body: createReadStream(path) };
    await this.#telling(new this.#uploads.Upload({ client: this.#client, params, queueSize: 3 }).done());
    try {
      return await work(`s3://${place.Bucket}/${place.Key}`);
    } finally {
      // Rows that arrived are not given up for a file that stays.
      await this.#client.send(new this.#s3.DeleteObjectCommand(place)).catch(() => undefined);
    }
  }

  close(): void {
    this.#client.destroy();
  }

  async #telling<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw stagingError(error, this.#url);
    }
  }
}

// --- internal ---

function library<Library>(name: ClientName): Promise<Library> {
  return requireClient<Library>(name, () => import(name));
}
