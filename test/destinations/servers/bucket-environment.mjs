/**
 * Where the tests find a bucket. Keys are dlt's.
 *
 * @param {string} url `s3://bucket/folder`
 * @param {Record<string, string>} credentials that a configuration may show
 * @param {Record<string, string>} secrets
 */
export function bucketEnvironment(name, url, credentials, secrets = {}) {
  return { [`TEST_${name}`]: JSON.stringify({ url, credentials, secrets }) };
}
