import { expect, test } from 'vitest';
import { Database } from '../../src/duckdb/database.ts';

test.each(['\ufeff', '\ufeffshort', '\ufeffmore than the twelve bytes of a short text', 'in the \ufeff midst'])(
  'U+FEFF is a character of a text, also as its first one: %j',
  async (text) => {
    const database = await Database.open();
    try {
      const connection = await database.connect();
      const row = await connection.row('select $1::varchar as text, length($1) as characters', [text]);
      expect(row).toEqual({ text, characters: BigInt(text.length) });
    } finally {
      database.close();
    }
  },
);
