/** A field of the records of another resource. */
export interface ParentField {
  readonly resource: string;
  /** A JSONPath. */
  readonly field: string;
}

/** A name, then names and brackets: `.posts`, `.author.id`, `.items[0].id`, `.['x-y']`, `['x-y']`. */
const reference = /^resources\.([^.[\]!:\s]+)((?:\.[^.[\]!:\s]+|\.?\[[^\]]+\])+)$/;

/**
 * What dlt's placeholder for a field of the parent names; undefined for any other expression.
 *
 * @example
 * parentField('resources.posts.author.id') // { resource: 'posts', field: 'author.id' }
 */
export function parentField(expression: string): ParentField | undefined {
  const [, resource, path = ''] = reference.exec(expression) ?? [];
  if (resource === undefined) return undefined;
  const field = path.replace(/\.(?=\[)/g, '');
  return { resource, field: field.startsWith('.') ? field.slice(1) : field };
}
