/** A folder of a bucket. */
export interface BucketPlace {
  /** `s3://bucket/folder` */
  readonly location: string;
  readonly bucket: string;
  /** Of Azure, where the URL says it. */
  readonly account?: string | undefined;
  /** The name in the bucket of what has this key in the folder. */
  prefixOf(key: string): string;
  /** The other way round. */
  keyOf(name: string): string;
}

/**
 * @param url `s3://bucket/path`, `gs://…`, `az://container/path`, `abfss://container@account.host/path`
 * @param folder below its path
 */
export function bucketPlace(url: string, folder: string): BucketPlace {
  const { host, username, pathname, protocol } = new URL(url);
  const bucket = username === '' ? host : username;
  const parts = [...decodeURIComponent(pathname).split('/'), folder].filter((part) => part !== '');
  const prefix = `${parts.join('/')}/`;
  return {
    location: `${protocol}//${username === '' ? host : `${username}@${host}`}/${parts.join('/')}`,
    bucket,
    account: username === '' ? undefined : host.split('.', 1)[0],
    prefixOf: (key) => prefix + key,
    keyOf: (name) => name.slice(prefix.length),
  };
}
