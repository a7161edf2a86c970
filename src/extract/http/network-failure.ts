/** No response, or not the whole of it: the connection, name lookup, TLS or the timeout. */
export class NetworkFailure extends Error {
  readonly code: string | undefined;
  /** The variable that names the proxy, where one was set. */
  readonly proxy: string | undefined;

  constructor(message: string, code?: string, cause?: unknown, proxy?: string) {
    super(message, { cause });
    this.code = code;
    this.proxy = proxy;
  }
}

/** True for a failure that comes again however often one asks: a certificate does not get better, nor does a proxy's rule. */
export function isFinal({ code = '' }: NetworkFailure): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ERR_TLS|ERR_SSL|^PROXY_4|^BAD_PORT$/.test(code);
}
