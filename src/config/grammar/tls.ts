import { z } from 'zod';

/** libpq's words for how a connection is encrypted. */
export const sslMode = z.enum(['disable', 'prefer', 'require', 'verify-ca', 'verify-full']);
export type SslMode = z.output<typeof sslMode>;

/**
 * Passwords go to servers that prove to be the one that was named. Where that cannot be, a person says so: `require`, `disable`, or
 * the certificate's authority as `sslrootcert`. On this machine nobody is in between, and few servers have a certificate.
 */
export function defaultSslMode(host: string): SslMode {
  return isLoopback(host) ? 'prefer' : 'verify-full';
}

// --- internal ---

/** Whether an address never leaves this machine: a loopback address, or the folder of a Unix socket. */
function isLoopback(host: string): boolean {
  return host.startsWith('/') || /^(localhost|127(\.\d{1,3}){3}|::1|0:0:0:0:0:0:0:1)$/i.test(host);
}
