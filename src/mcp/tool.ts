import type { z } from 'zod';
import type { McpProject } from './mcp-project.ts';

/** One thing that an assistant can ask for. */
export interface Tool<Shape extends z.ZodRawShape = z.ZodRawShape> {
  readonly name: string;
  readonly title: string;
  /** For the assistant: when to call it, and what comes. */
  readonly description: string;
  readonly input: z.ZodObject<Shape>;
  /** It asks the source, or changes something. Default: it looks. */
  readonly reach?: 'network' | 'run';
  /** What it tells: JSON. Throws PipelineError. */
  readonly call: (project: McpProject, input: z.output<z.ZodObject<Shape>>, signal: AbortSignal) => Promise<unknown>;
}

/** Of any input, for lists of tools. */
export type AnyTool = Omit<Tool, 'call' | 'input'> & {
  readonly input: z.ZodObject;
  readonly call: (project: McpProject, input: unknown, signal: AbortSignal) => Promise<unknown>;
};

/** Checks what the assistant gives before the tool sees it. */
export function tool<Shape extends z.ZodRawShape>({ call, ...about }: Tool<Shape>): AnyTool {
  return { ...about, call: (project, input, signal) => call(project, about.input.parse(input), signal) };
}
