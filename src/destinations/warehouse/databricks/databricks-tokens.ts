import https from 'node:https';
import type { DatabricksCredentials } from '../../../config/grammar/databricks-destination.ts';
import { PipelineError } from '../../../errors.ts';
import { databricksError } from './databricks-errors.ts';
import { databricksLocation } from './databricks-location.ts';

/** The token that a request carries: the access token as it is, or one that a service principal gets, for an hour, each time. */
export async function databricksToken(credentials: DatabricksCredentials): Promise<string> {
  const { client_id: client, client_secret: secret, access_token: token } = credentials;
  if (client === undefined) return (await token.revealed()) ?? token.reveal();
  const password = (await secret.revealed()) ?? secret.reveal();
  const basic = Buffer.from(`${encodeURIComponent(client)}:${encodeURIComponent(password)}`).toString('base64');
  const location = databricksLocation(credentials);
  const { status, text } = await posted(
    new URL(`https://${credentials.server_hostname}/oidc/v1/token`),
    `Basic ${basic}`,
  ).catch((error: unknown) => {
    throw databricksError(error, location);
  });
  const answer: unknown = status === 200 ? JSON.parse(text) : undefined;
  if (typeof answer === 'object' && answer !== null && 'access_token' in answer) return String(answer.access_token);
  throw new PipelineError({
    code: 'ConfigInvalid',
    message: `${location} does not let this service principal in: HTTP ${status}.`,
    hint: 'Correct `credentials.client_id` and `client_secret` of the destination; what was extracted is kept: the next run loads it.',
    facts: { destination: location, status },
  });
}

// --- internal ---

function posted(url: URL, authorization: string): Promise<{ status: number; text: string }> {
  const body = 'grant_type=client_credentials&scope=all-apis';
  const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
  return new Promise((resolve, reject) => {
    const asked = https.request(url, { method: 'POST', headers, timeout: 60_000 }, (reply) => {
      let text = '';
      reply.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      reply.once('error', reject).once('end', () => resolve({ status: reply.statusCode ?? 0, text }));
    });
    asked.once('timeout', () => asked.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    asked.once('error', reject).end(body);
  });
}
