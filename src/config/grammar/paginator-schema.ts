import { z } from 'zod';
import { paginatorKinds } from './paginator-kinds.ts';

type Kind = (typeof paginatorKinds)[number];
type Type = Kind['shape']['type']['value'];

/** The types that say enough by themselves: no key of theirs is required. */
type Bare<Input = z.input<Kind>> = Input extends { type: infer Name extends Type }
  ? { type: Name } extends Input
    ? Name
    : never
  : never;

const paginatorObject = z.discriminatedUnion('type', paginatorKinds);

/** A name where every option has a default, or an object. */
export const paginatorSchema = z.union([
  z
    .enum(paginatorKinds.map(typeOf).filter(isBare), { error: ({ input }) => lackingKeys(input) })
    .transform((type) => paginatorObject.parse({ type }, { jitless: true })),
  paginatorObject,
]);

export type PaginatorConfig = z.output<typeof paginatorSchema>;

// --- internal ---

function typeOf({ shape }: Kind): Type {
  return shape.type.value;
}

function isBare(type: Type): type is Bare {
  return requiredKeys(type).length === 0;
}

/** Those that have no default. */
function requiredKeys(type: unknown): [key: string, field: z.core.$ZodType][] {
  const shape: z.ZodRawShape = { ...paginatorKinds.find((kind) => typeOf(kind) === type)?.shape };
  return Object.entries(shape).filter(([key, field]) => key !== 'type' && !z.safeParse(field, undefined).success);
}

/** Of a name that does not say enough by itself: what it needs, and how that is written. */
function lackingKeys(type: unknown): string | undefined {
  const lacking = requiredKeys(type);
  if (lacking.length === 0) return undefined;
  const needs = lacking.map(([key]) => `a \`${key}\``).join(' and ');
  const written = lacking.map(([key, field]) => `${key}: ${exampleOf(field)}`);
  return `needs ${needs}: write \`{ type: ${type}, ${written.join(', ')} }\``;
}

function exampleOf(field: z.core.$ZodType): string {
  const examples = z.globalRegistry.get(field)?.examples;
  return Array.isArray(examples) ? String(examples[0]) : '…';
}
