import { PipelineError } from '../../errors.ts';
import type { NetworkFailure } from './network-failure.ts';
import type { SecretMask } from './secret-mask.ts';

/** The error of a request that nobody answered. `attempts` were made. */
export function noAnswer(failure: NetworkFailure, request: string, attempts: number, mask: SecretMask): PipelineError {
  const { code, proxy } = failure;
  const times = attempts === 1 ? '' : ` (${attempts} attempts)`;
  const known = kinds.find(({ codes }) => codes.test(code ?? ''));
  const reason = `${known?.reason ?? mask.quote(failure.message)}${code === undefined ? '' : ` [${code}]`}`;
  const hint = known?.hint ?? 'Run again later; if it stays so, check `base_url` (`http` or `https`?) and the network.';
  return new PipelineError({
    code: 'SourceUnavailable',
    message: `No answer to ${request}${times}: ${reason}`,
    hint: proxy === undefined ? hint : `${hint} ${proxyHint(proxy)}`,
    facts: { request, attempts, reason: code ?? null, proxy },
    cause: failure,
  });
}

// --- internal ---

interface Kind {
  readonly codes: RegExp;
  /** In place of the library's own words. */
  readonly reason?: string;
  readonly hint: string;
}

const kinds: readonly Kind[] = [
  {
    codes: /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)/,
    reason: 'what listens there does not speak TLS, perhaps it serves plain http',
    hint: 'Write `http://` instead of `https://`, or the port where it serves https.',
  },
  {
    codes: /^HPE/,
    reason: 'what listens there does not answer in HTTP',
    hint: 'Check the port in `base_url`; if it serves https, write `https://`.',
  },
  {
    codes: /^PROXY_407/,
    reason: 'the proxy wants a user name and a password',
    hint: 'Write them into the address of the proxy: `http://user:password@host:port`.',
  },
  { codes: /^PROXY_/, reason: 'the proxy does not connect to that host', hint: 'Ask whoever runs the proxy.' },
  {
    codes: /^BAD_PORT$/,
    reason: 'that port belongs to another protocol, no HTTP is sent there',
    hint: 'Correct the port in `base_url`.',
  },
  { codes: /ENOTFOUND|EAI_AGAIN/, hint: 'Check the host name in `base_url` and the name service of this machine.' },
  {
    codes: /CERT|SELF_SIGNED|UNABLE_TO|TLS|SSL/,
    hint: 'Check the certificate of the host, and the clock of this machine.',
  },
  { codes: /^TIMEOUT$/, hint: 'Run again later, or raise `source.client.timeout`.' },
];

function proxyHint(variable: string): string {
  return `It was sent by the proxy in ${variable}; hosts in \`NO_PROXY\` are asked directly.`;
}
