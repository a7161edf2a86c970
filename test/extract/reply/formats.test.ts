import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import nock from 'nock';
import { describe, expect, it } from 'vitest';
import { csvRows } from '../../../src/extract/reply/csv.ts';
import { zipOf } from '../../support/zip.ts';
import { BASE, client, collect, type EndpointParts, KEY, resource } from '../collect.ts';
import { useNock } from '../http/nock-guard.ts';

useNock();

async function reading(body: string | Buffer, type: string, endpoint: EndpointParts = {}, path = 'models') {
  nock(BASE)
    .get(`/${path}`)
    .reply(200, body, type === '' ? {} : { 'content-type': type });
  return collect(resource({ path, ...endpoint }), {
    client: { ...client, max_response_bytes: 10_000, retry: { attempts: 1, backoff: 0, max_delay: 0 } },
  });
}

const two = [
  { id: '1', name: 'a' },
  { id: '2', name: null },
];
const csv = 'id,name\n1,a\n2,\n';
const lines = '{"id":1}\n\n {"id":12345678901234567890}\r\n';
const read = [{ id: 1 }, { id: 12345678901234567890n }];

describe('a reply is read by its content type, its bytes and its name', () => {
  it.each<[string, string | Buffer, string, EndpointParts, string, unknown[]]>([
    ['JSON lines', lines, 'application/x-ndjson; charset=utf-8', {}, 'models', read],
    ['JSON lines that are called JSON', lines, 'application/json', {}, 'models', read],
    ['JSON lines where nothing is said', '{"id":1}\n{"id":2}', '', {}, 'models', [{ id: 1 }, { id: 2 }]],
    [
      'a selector in each line',
      '{"a":{"id":1}}\n{"a":{"id":2}}',
      'application/jsonl',
      { data_selector: 'a' },
      'models',
      [{ id: 1 }, { id: 2 }],
    ],
    ['no lines', '', 'application/x-ndjson', {}, 'models', []],
    ['CSV', csv, 'text/csv', {}, 'models', two],
    ['CSV by name', csv, 'application/octet-stream', {}, 'export.csv', two],
    ['CSV in a gzip by name', gzipSync(csv), 'application/gzip', {}, 'export.csv.gz', two],
    ['tabs', 'id\tname\n1\ta\n2\t', 'text/tab-separated-values', {}, 'models', two],
    ['a format that is set', csv, 'text/plain', { format: 'csv' }, 'models', two],
    ['a gzip that is called JSON', gzipSync('[{"id":1}]'), 'application/json', {}, 'models', [{ id: 1 }]],
    ['a gzip of gzips', gzipSync(gzipSync('[{"id":1}]')), '', {}, 'models', [{ id: 1 }]],
    [
      'a zip of one JSON',
      zipOf({ 'a.json': '{"data": [{"id": 1}]}' }),
      'application/zip',
      { data_selector: 'data' },
      'models',
      [{ id: 1 }],
    ],
    [
      'a zip of several CSV in their order',
      zipOf({ 'x/': '', 'b.csv': 'id\n1', '__MACOSX/b.csv': 'x', 'a.csv': 'id\n2' }),
      '',
      {},
      'models',
      [{ id: '1' }, { id: '2' }],
    ],
    [
      'a zip of a gzip',
      zipOf({ 'b.csv.gz.stored': gzipSync('id\n1') }),
      '',
      { format: 'csv' },
      'models',
      [{ id: '1' }],
    ],
    ['text', 'Hello\n', 'text/plain', { format: 'text' }, 'models', ['Hello\n']],
    ['a page', '<!doctype html><p>', 'text/html', { format: 'text' }, 'models', ['<!doctype html><p>']],
  ])('%s', async (_, body, type, endpoint, path, records) => {
    const found = await reading(body, type, endpoint, path);
    expect(found.error).toBeUndefined();
    expect(found.records).toEqual(records);
  });

  it('a guess is noted', async () => {
    expect((await reading(lines, 'application/json')).outcome?.notes).toEqual([
      'the reply was read as JSON lines; set `format: jsonl` to settle it',
    ]);
  });

  it('pages of CSV follow a header and end at one without rows', async () => {
    nock(BASE).get('/models').query({ page: 0 }).reply(200, 'id\n1\n', { 'content-type': 'text/csv' });
    nock(BASE).get('/models').query({ page: 1 }).reply(200, 'id\n', { 'content-type': 'text/csv' });
    const paginator = { type: 'page_number', base_page: 0, total_path: null, stop_after_empty_page: true } as const;
    const { records, error } = await collect(resource({ paginator }));
    expect(error).toBeUndefined();
    expect(records).toEqual([{ id: '1' }]);
  });

  it('a secret in any of them is masked', async () => {
    for (const [body, type] of [
      [`id\n${KEY}\n`, 'text/csv'],
      [`{"id":"${KEY}"}\n`, 'application/x-ndjson'],
    ] as const) {
      expect((await reading(body, type)).records).toEqual([{ id: '***' }]);
    }
    expect((await reading(`x ${KEY}`, 'text/plain', { format: 'text' })).records).toEqual(['x ***']);
  });
});

describe('a CSV', () => {
  it.each<[string, string | Buffer, EndpointParts['csv'], unknown[]]>([
    ['with quotes', 'a,b\n"x, ""y""\r\nz",""\n', {}, [{ a: 'x, "y"\r\nz', b: '' }]],
    ['with CR LF', 'a,b\r\n1,2\r\n', {}, [{ a: '1', b: '2' }]],
    ['with CR alone', 'a,b\r1,2\r', {}, [{ a: '1', b: '2' }]],
    ['with blank lines', 'a,b\n\n1,2\n\n\n', {}, [{ a: '1', b: '2' }]],
    ['of one column, where a blank line has no value', 'a\n1\n\n2\n\n', {}, [{ a: '1' }, { a: null }, { a: '2' }]],
    ['with a mark at its beginning', '\ufeffa\n1', {}, [{ a: '1' }]],
    ['with semicolons', 'a;b\n1;2,5', {}, [{ a: '1', b: '2,5' }]],
    ['with a delimiter that is set', 'a,x|b\n1|2', { delimiter: '|' }, [{ 'a,x': '1', b: '2' }]],
    [
      'without names',
      '1,2\n3,4',
      { header: false },
      [
        { column0: '1', column1: '2' },
        { column0: '3', column1: '4' },
      ],
    ],
    ['with names of its own', '1,2', { header: ['a', 'b'] }, [{ a: '1', b: '2' }]],
    ['with names twice, or none', 'a,a,\n1,2,3', {}, [{ a: '1', a_1: '2', column2: '3' }]],
    ['in an encoding', Buffer.from('a\n\xe9\x80', 'latin1'), { encoding: 'windows-1252' }, [{ a: 'é€' }]],
    ['in UTF-16', Buffer.from('\ufeffa\né', 'utf16le'), {}, [{ a: 'é' }]],
    ['with a key called __proto__', '__proto__,b\n1,2', {}, [JSON.parse('{"__proto__":"1","b":"2"}')]],
  ])('%s', async (_, body, options, records) => {
    const { records: found, error } = await reading(body, 'text/csv', { csv: options });
    expect(error).toBeUndefined();
    expect(found).toEqual(records);
  });

  it('in the encoding that the reply names', async () => {
    const body = Buffer.from('a\n\xe9', 'latin1');
    expect((await reading(body, 'text/csv; charset=ISO-8859-1')).records).toEqual([{ a: 'é' }]);
    const { records, outcome } = await reading(body, 'text/csv');
    expect(records).toEqual([{ a: '\ufffd' }]);
    expect(outcome?.notes).toEqual(['a reply was not UTF-8: bytes that are none became U+FFFD']);
  });

  it('guesses and given names are noted', async () => {
    expect((await reading('a;a\n1;2', 'text/csv')).outcome?.notes).toEqual([
      'the fields of the CSV were taken to be separated by ";"; set `csv: { delimiter: ";" }` to settle it',
      'column 2 of the CSV was named `a_1`: its name is there twice',
    ]);
  });

  it('has every field that was written, whatever it holds', () => {
    const field = fc.oneof(
      fc.constant(null),
      fc.string(),
      fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a') }),
    );
    const quoted = (value: string | null) => (value === null ? '' : `"${value.replaceAll('"', '""')}"`);
    fc.assert(
      fc.property(fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1 }), (rows) => {
        // With a line feed at its end, or a lone CR would be what ends lines.
        const text = `${rows.map((row) => row.map(quoted).join(',')).join('\n')}\n`;
        expect([...csvRows(text, ',')].map(({ fields }) => fields)).toEqual(rows);
      }),
    );
  });
});

describe('a reply that is not as it should be', () => {
  const bomb = gzipSync(Buffer.alloc(1_000_000));
  const zip = zipOf({ 'a.csv': csv });
  const damaged = Buffer.from(zip);
  damaged.writeUInt8((damaged[40] ?? 0) ^ 0xff, 40);
  const torn = Buffer.from(gzipSync(csv));
  torn.writeUInt8((torn.at(-8) ?? 0) ^ 0xff, torn.length - 8);
  const locked = Buffer.from(zip);
  locked.writeUInt16LE(1, locked.indexOf('PK\x01\x02') + 8);
  it.each<[string, string | Buffer, string, EndpointParts, string]>([
    ['a row that is too short', 'a,b\n1,2\n3\n', 'text/csv', {}, 'has 1 fields in line 3, where 2 columns are named.'],
    [
      'a row that is too long',
      'a,b\n"1\n",2,3\n',
      'text/csv',
      {},
      'has 3 fields in line 2, where 2 columns are named.',
    ],
    [
      'a quote in a field',
      'a,b\n5" pipe,2\n',
      'text/csv',
      {},
      'has a quote inside of a field without quotes in line 2.',
    ],
    ['text behind a quote', 'a,b\n"x"y,2\n', 'text/csv', {}, 'has text behind a closing quote in line 2.'],
    [
      'a quote that stays open',
      'a,b\n1,"2\n3,4\n',
      'text/csv',
      {},
      'has a quote in line 2 that is never closed: it may be cut short.',
    ],
    ['a CSV without a line', '', 'text/csv', {}, 'is empty'],
    ['a page instead of a CSV', '<html>', 'text/html', { format: 'csv' }, 'is an HTML page, not CSV'],
    ['JSON instead of a CSV', '{}', 'application/json', { format: 'csv' }, 'is JSON, not CSV'],
    ['a line that is no JSON', '{"a":1}\n{"a"\n{"a":2}', 'application/x-ndjson', {}, 'is not JSON in line 2 of 3.'],
    [
      'lines that are cut short',
      '{"a":1}\n{"a":',
      'application/x-ndjson',
      {},
      'is not JSON in line 2 of 2: it may be cut short.',
    ],
    ['two values in a line', '{"a":1},{"a":2}', 'application/x-ndjson', {}, 'is not JSON in line 1 of 1'],
    ['JSON lines where JSON is set', lines, 'application/json', { format: 'json' }, 'is not JSON at character'],
    ['a gzip that is cut short', gzipSync(csv).subarray(0, -9), '', {}, 'is a gzip that is cut short.'],
    ['a gzip that is damaged', torn, '', {}, 'is a gzip that is damaged.'],
    [
      'a gzip that grows',
      bomb,
      '',
      {},
      'is larger than 10000 bytes when it is unpacked, the limit set by `max_response_bytes`.',
    ],
    ['a zip that grows', zipOf({ a: Buffer.alloc(9000), b: Buffer.alloc(9000) }), '', {}, 'is larger than 10000 bytes'],
    ['a zip that is cut short', zip.subarray(0, -4), '', {}, 'is a zip that is cut short.'],
    ['a zip that is damaged', damaged, '', {}, 'is a zip that is damaged.'],
    ['a zip with a password', locked, '', {}, 'is a zip with a password.'],
    ['a zip of nothing', zipOf({}), '', {}, 'is a zip without files.'],
    [
      'a zip of several JSON',
      zipOf({ 'a.json': '{}', 'b.json': '{}' }),
      '',
      {},
      'is a zip of 2 files (a.json, b.json).',
    ],
    [
      'a selector that a record lacks',
      '{"a":1}\n{"b":1}',
      'application/x-ndjson',
      { data_selector: 'a' },
      'The data selector `a` matched nothing',
    ],
  ])('%s is an error', async (_, body, type, endpoint, message) => {
    const { error } = await reading(body, type, endpoint);
    expect(error).toMatchObject({ exitCode: 5, message: expect.stringContaining(message) });
  });
});

it('a path of nothing adds no slash', async () => {
  nock('https://api.example.test').get('/v1/export.php').reply(200, []);
  const { error } = await collect(resource({ path: '' }), { client: { ...client, base_url: `${BASE}/v1/export.php` } });
  expect(error).toBeUndefined();
});
