import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { asPipelineError, PipelineError } from '../errors.ts';
import { answerRequest } from './answer-request.ts';
import { pageDocument } from './page-document.ts';
import type { Project } from './project.ts';

export interface Dashboard {
  /** With the token, which is all that a reader needs. */
  readonly url: string;
  /** Ends every connection at once, and whatever is being asked. A second call does no harm. */
  close(): Promise<void>;
}

/**
 * Serves the dashboard of a project on the loopback interface.
 *
 * @param port 0 takes any free one
 * @throws PipelineError UsageInvalid: the port is taken, or not allowed
 */
export async function startDashboard(project: Project, port: number): Promise<Dashboard> {
  const token = randomBytes(TOKEN_BYTES).toString('hex');
  const page = await pageDocument({ title: project.placed.config.pipeline.name });
  const closing = new AbortController();
  const server = createServer(limits, (request, response) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort(asPipelineError(new Error('nobody waits for the answer any more'))));
    const signal = AbortSignal.any([closing.signal, gone.signal]);
    answerRequest(request, response, { project, token, page, signal }).catch(() => response.destroy());
  });
  server.maxConnections = MOST_CONNECTIONS;
  const origin = await listen(server, port);
  return {
    url: `${origin}/${token}/`,
    async close() {
      closing.abort();
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

// --- internal ---

const TOKEN_BYTES = 24;
const MOST_CONNECTIONS = 64;

/** Whoever is slow to say what he wants is let go (milliseconds). An address may hold a statement (bytes). */
const limits = {
  headersTimeout: 2000,
  requestTimeout: 2000,
  connectionsCheckingInterval: 500,
  keepAliveTimeout: 5000,
  maxHeaderSize: 65_536,
};

async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new PipelineError({
      code: 'UsageInvalid',
      message: `The dashboard cannot listen on port ${port} of 127.0.0.1.`,
      hint: 'Give another port, or --port 0 for any free one.',
      facts: { port },
      cause,
    });
  }
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`;
}
