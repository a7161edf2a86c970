/** Of `source.client`, and of a source that has none. Milliseconds, bytes, requests at once. */
export const clientDefaults = {
  timeout: 60_000,
  retry: { attempts: 5, backoff: 1000, max_delay: 300_000 },
  max_response_bytes: 256_000_000,
  concurrency: 5,
};
