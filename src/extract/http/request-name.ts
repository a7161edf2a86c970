import type { SecretMask } from './secret-mask.ts';

export interface RequestName {
  /** `GET /models?page=2`. */
  readonly short: string;
  /** `GET https://api.dezgo.com/models?page=2`. */
  readonly full: string;
  readonly url: string;
}

/** A cursor can have a megabyte. */
const LONGEST = 1000;

const secretParams = /([?&](?:api[_-]?key|key|access[_-]?token|token|client_secret|secret|password|pwd)=)[^&#]*/gi;

/** How a request is called in messages and traces: secrets masked by value, and by the names that dlt masks; cut where it is very long. */
export function requestName(method: string, { origin, pathname, search }: URL, mask: SecretMask): RequestName {
  const whole = mask.text(`${pathname}${search}`).replace(secretParams, '$1***');
  const place = whole.length > LONGEST ? `${whole.slice(0, LONGEST)}…` : whole;
  const url = `${mask.text(origin)}${place}`;
  return { short: `${method} ${place}`, full: `${method} ${url}`, url };
}
