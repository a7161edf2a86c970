import accessors from '@duckdb/node-api/lib/vectors/dataAccessors.js';

// The driver's decoder takes U+FEFF at the beginning of a value for the mark of a file, and leaves it out.
Object.assign(accessors, { textDecoder: new TextDecoder('utf-8', { ignoreBOM: true }) });
