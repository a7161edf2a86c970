/** Whether an answer has no body, although its headers may tell the length and the encoding of one (RFC 9110, 6.4.1). */
export function isBodiless(method: string, status: number): boolean {
  return method === 'HEAD' || status === 204 || status === 304;
}
