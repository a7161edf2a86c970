/** The documents of the collection, by their paths in it, in order. */
export function collection(): Promise<readonly { readonly name: string; readonly path: string }[]>;
