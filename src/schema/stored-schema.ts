import { PipelineError } from '../errors.ts';
import { bookTables } from './book-tables.ts';
import { DLT_ID, DLT_LIST_IDX, DLT_LOAD_ID, DLT_PARENT_ID, DLT_ROOT_ID } from './names.ts';
import { documentOf } from './packed-document.ts';
import type { StoredSchema } from './table-schema.ts';
import { versionHash } from './version-hash.ts';

/** dlt's schema engine, the layout of the document: since dlt 1.0. */
const ENGINE_VERSION = 11;
const KEPT_HASHES = 10;
const NAMING = 'snake_case';

/** A schema document without data tables, not yet versioned: `bumpVersion` makes it version 1. */
export function emptySchema(name: string): StoredSchema {
  return {
    version: 1,
    version_hash: '',
    engine_version: ENGINE_VERSION,
    name,
    tables: bookTables(),
    settings: {
      detections: ['iso_timestamp'],
      default_hints: {
        not_null: [DLT_ID, DLT_ROOT_ID, DLT_PARENT_ID, DLT_LIST_IDX, DLT_LOAD_ID],
        parent_key: [DLT_PARENT_ID],
        root_key: [DLT_ROOT_ID],
        unique: [DLT_ID],
        row_key: [DLT_ID],
      },
    },
    normalizers: { names: NAMING, json: { module: 'dlt.common.normalizers.json.relational' } },
    previous_hashes: [],
  };
}

/**
 * The document with the hash of its content; where that differs from the hash it had, with the next version and the old hash
 * among the last ten, newest first. The same object where nothing changed.
 */
export function bumpVersion(schema: StoredSchema): StoredSchema {
  const hash = versionHash(schema);
  if (hash === schema.version_hash) return schema;
  if (schema.version_hash === '') return { ...schema, version_hash: hash };
  const others = schema.previous_hashes.filter((previous) => previous !== schema.version_hash);
  return {
    ...schema,
    version: schema.version + 1,
    version_hash: hash,
    previous_hashes: [schema.version_hash, ...others].slice(0, KEPT_HASHES),
  };
}

/**
 * A document from `_dlt_version.schema`, packed or not. Throws `DestinationTooNew` for one of a newer dlt, `DestinationUnreadable` for one
 * that we cannot continue: of a dlt before 1.0, with another naming convention, or no schema document at all.
 */
export function parseStoredSchema(json: string): StoredSchema {
  const document = parsed(documentOf(json));
  if (!isSchema(document))
    throw unreadable('The newest row of `_dlt_version` does not hold a schema document', restoreHint);
  const { engine_version: engine, name, normalizers } = document;
  if (engine > ENGINE_VERSION) {
    throw new PipelineError({
      code: 'DestinationTooNew',
      message: `Schema ${name} was written by a newer dlt: schema engine ${engine}, this program knows up to ${ENGINE_VERSION}.`,
      hint: 'Install a newer dezgo-elt, or load into another dataset (pipeline.dataset_name).',
      facts: { schema: name, engineVersion: engine, known: ENGINE_VERSION },
    });
  }
  if (engine < ENGINE_VERSION) {
    throw unreadable(
      `Schema ${name} was written by a dlt before 1.0 (schema engine ${engine})`,
      'Run its pipeline once with dlt 1.x, which brings the schema up to date.',
    );
  }
  if (!String(normalizers.names).endsWith(NAMING)) {
    throw unreadable(
      `Schema ${name} uses the naming convention ${String(normalizers.names)}, this program only ${NAMING}`,
      'Load into another dataset (pipeline.dataset_name).',
    );
  }
  return document;
}

const restoreHint = 'Restore the file from a snapshot, or load into another dataset (pipeline.dataset_name).';

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw unreadable('The newest row of `_dlt_version` is not JSON', restoreHint, cause);
  }
}

function isSchema(value: unknown): value is StoredSchema {
  return (
    isObject(value) &&
    typeof value.name === 'string' &&
    typeof value.version === 'number' &&
    typeof value.version_hash === 'string' &&
    typeof value.engine_version === 'number' &&
    Array.isArray(value.previous_hashes) &&
    isObject(value.settings) &&
    isObject(value.normalizers) &&
    isObject(value.tables) &&
    Object.values(value.tables).every(
      (table) => isObject(table) && typeof table.name === 'string' && isObject(table.columns),
    )
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unreadable(what: string, hint: string, cause?: unknown): PipelineError {
  return new PipelineError({ code: 'DestinationUnreadable', message: `${what}.`, hint, cause });
}
