import type { Readable, Writable } from 'node:stream';
import { PipelineError } from '../errors.ts';
import { printable } from '../text/printable.ts';
import type { McpProject } from './mcp-project.ts';
import { mcpServer } from './mcp-server.ts';

interface Served {
  readonly input: Readable;
  readonly output: Writable;
  readonly signal: AbortSignal;
  /** Told what was no message. */
  readonly warn: (message: string) => void;
}

/**
 * Talks with one client until it closes its end.
 *
 * @throws PipelineError UsageInvalid: a message was longer than ten megabytes; the reason of the signal
 */
export async function serveMcp(project: McpProject, { input, output, signal, warn }: Served): Promise<void> {
  // Here, because other commands share the file that this becomes.
  const { StdioServerTransport, serveStdio } = await import('@modelcontextprotocol/server/stdio');
  let failure: Error | undefined;
  const transport = new StdioServerTransport(input, output, { maxBufferSize: LONGEST });
  const server = serveStdio(() => mcpServer(project), {
    transport,
    onerror: (error) => {
      failure = error;
      warn(`a message of the client was left out: ${printable(error.message)}`);
    },
  });
  await new Promise<void>((resolve) => {
    const { onclose } = transport;
    transport.onclose = () => {
      onclose?.();
      resolve();
    };
    signal.addEventListener('abort', () => void server.close().then(() => resolve()), { once: true });
    if (signal.aborted) void server.close().then(() => resolve());
  });
  signal.throwIfAborted();
  if (input.readableEnded || input.destroyed || failure === undefined) return;
  throw new PipelineError({
    code: 'UsageInvalid',
    message: `The client was not understood: ${printable(failure.message)}.`,
    hint: 'It speaks another protocol, or sent more than 10 MB in one line: dezgo-elt mcp is started by a client of the Model Context Protocol.',
  });
}

// --- internal ---

/** Bytes of a message. */
const LONGEST = 10_000_000;
