import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PipelineError } from '../../src/errors.ts';
import { withDuckdbFile } from '../support/duckdb-file.ts';
import { yamlProject } from '../support/project.ts';
import { shared } from '../support/shared.ts';
import { runCommand } from '../support/terminal.ts';

/** A live file with every kind of value, and one table that is long. */
const asked = shared(async () => {
  const project = await yamlProject();
  await withDuckdbFile(project.file, async (connection) => {
    await connection.run('create schema data');
    await connection.run('use file.data');
    await connection.run(`create table kinds as select
      9007199254740993 as big, 170141183460469231731687303715884105727::hugeint as huge, 4.2700::decimal(18, 4) as money,
      0.1::float as fraction, 'NaN'::double as nan, true as flag, 'a "b", c' || chr(10) || 'd' as words, '' as empty,
      null::varchar as nothing, chr(27) || '[31mred|' || chr(155) as hostile,
      timestamptz '2023-11-08 05:22:53.569999+02' as moment, timestamp '1969-12-31 23:59:59' as wall,
      timestamp_ns '2020-01-01 00:00:00.123456789' as nanos, date '2024-02-29' as day, '\\x00\\xAB'::blob as bytes,
      '{"big": 12345678901234567890, "a": [1.10]}'::json as document,
      [4.20::decimal(9, 2), null] as list, {'n': 9007199254740993, 'j': '{"x":null}'::json} as struct,
      map {'k': timestamptz '2024-01-01 00:00:00+00'} as map`);
    await connection.run(
      "create table many as select i as id, case when i = 25000 then 'x' end as bad from range(30000) r(i)",
    );
    await connection.run('create table none as select 1 as id where false');
  });
  return project;
});

async function ask(...args: string[]) {
  const { cwd } = await asked();
  return runCommand(['query', ...args], { cwd });
}

describe('dezgo-elt query', () => {
  it('gives every value exactly as JSON', async () => {
    const { code, stdout, stderr } = await ask('from kinds', '-o', 'json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(
      `[
{"big":9007199254740993,"huge":170141183460469231731687303715884105727,"money":4.2700,"fraction":0.1,"nan":"NaN","flag":true,"words":"a \\"b\\", c\\nd","empty":"","nothing":null,"hostile":"\\u001b[31mred|\\u009b","moment":"2023-11-08T03:22:53.569999Z","wall":"1969-12-31T23:59:59","nanos":"2020-01-01T00:00:00.123456789","day":"2024-02-29","bytes":"AKs=","document":{"big":12345678901234567890,"a":[1.1]},"list":[4.20,null],"struct":{"n":9007199254740993,"j":{"x":null}},"map":{"k":"2024-01-01T00:00:00Z"}}
]
`,
    );
    expect(JSON.parse(stdout)).toHaveLength(1);
  });

  it('gives them as CSV: null is nothing, an empty text is quoted, nothing is changed', async () => {
    const { stdout } = await ask('from kinds', '--output', 'csv');
    expect(stdout).toBe(
      `big,huge,money,fraction,nan,flag,words,empty,nothing,hostile,moment,wall,nanos,day,bytes,document,list,struct,map
9007199254740993,170141183460469231731687303715884105727,4.2700,0.1,NaN,true,"a ""b"", c\nd","",,\u001b[31mred|\u009b,2023-11-08T03:22:53.569999Z,1969-12-31T23:59:59,2020-01-01T00:00:00.123456789,2024-02-29,AKs=,"{""big"": 12345678901234567890, ""a"": [1.10]}","[4.20,null]","{""n"":9007199254740993,""j"":{""x"":null}}","{""k"":""2024-01-01T00:00:00Z""}"
`,
    );
  });

  it.each([
    [
      ['select big, hostile, nothing from kinds'],
      '             big  hostile  nothing\n────────────────  ───────  ───────\n9007199254740993  red|     NULL\n(1 row)\n',
    ],
    [
      ["select hostile, words, '<b>*x*_' as m from kinds", '-o', 'markdown'],
      '| hostile | words | m |\n|---|---|---|\n| red\\| | a "b", c<br>d | \\<b\\>\\*x\\*\\_ |\n',
    ],
    [['from none'], 'id\n──\n(0 rows)\n'],
    [['from none', '-o', 'json'], '[]\n'],
    [['from none', '-o', 'csv'], 'id\n'],
    [['from none', '-o', 'jsonl'], ''],
    [['select 1 as a, 2 as a', '-o', 'jsonl'], '{"a":1,"a_1":2}\n'],
    [['select id from many order by id', '--limit', '2', '-o', 'csv'], 'id\n0\n1\n'],
    [['select id from many', '--limit', '0', '-o', 'json'], '[]\n'],
    [
      ['select name as table_name from (show all tables) order by 1', '--format', 'jsonl'],
      '{"table_name":"kinds"}\n{"table_name":"many"}\n{"table_name":"none"}\n',
    ],
    [
      ["select '漢字' as name, 1 as n union all select 'e\u0301', 22 order by n"],
      'name   n\n────  ──\n漢字   1\ne\u0301     22\n(2 rows)\n',
    ],
    [["select repeat('x', 100) as long"], `long\n${'─'.repeat(80)}\n${'x'.repeat(79)}…\n(1 row)\n`],
    [['; ;select 1 as one; -- that is all', '-o', 'csv'], 'one\n1\n'],
    [
      [
        "select 'infinity'::date as a, '-infinity'::date as b, 'infinity'::timestamp_ns as c, ['-infinity'::date] as d, '-infinity'::timestamptz as e",
        '-o',
        'jsonl',
      ],
      '{"a":"infinity","b":"-infinity","c":"infinity","d":["-infinity"],"e":"-infinity"}\n',
    ],
    [
      ["select timestamp_s '0044-03-15 (BC) 12:00:00' as s, timestamp '0044-03-15 (BC) 12:00:00' as us", '-o', 'csv'],
      's,us\n0044-03-15 (BC) 12:00:00,0044-03-15 (BC) 12:00:00\n',
    ],
  ])('prints the answer to %j', async (args, answer) => {
    expect(await ask(...args)).toEqual({ code: 0, stdout: answer, stderr: '' });
  });

  it('reads the SQL from standard input', async () => {
    const { cwd } = await asked();
    const result = await runCommand(['query', '-', '-o', 'csv'], { cwd, input: 'select count(*) as n\nfrom many\n' });
    expect(result).toEqual({ code: 0, stdout: 'n\n30000\n', stderr: '' });
  });

  it.each<readonly [string, string, string]>([
    ['from modles', 'Table with name modles does not exist', 'The dataset has these tables: kinds, many, none.'],
    ['select idd from many', 'Referenced column "idd" not found', 'many has these columns: id, bad.'],
    ['select 1 frmo many where', 'syntax error', 'Correct the SQL.'],
    ['select bad::int from many where id = 25000', "Could not convert string 'x' to INT32", 'Correct the SQL.'],
    ['', 'There is no SQL.', 'select * from models'],
    [' -- nothing\n;', 'There is no SQL.', 'select * from models'],
    ['select 1; select 2', 'The SQL holds 2 statements, and one is taken.', 'one thing at a time'],
    ...[
      'insert into many values (1, null)',
      'insert into many values (1)',
      '/* a */ delete from many',
      'with x as (select 1 as id) insert into many select id, null from x',
      'create table x (i int)',
      'create temp table x (i int)',
      'drop table many',
      'set threads = 1',
      "attach ':memory:' as other",
      "copy many to 'rows.csv'",
      'install httpfs',
      "call enable_logging(storage = 'file', storage_path = 'log')",
      "from enable_logging(storage = 'file', storage_path = 'log')",
      "from enable_profiling(save_location = 'profile.json')",
    ].map((sql) => [sql, 'The SQL does more than read, and nothing of it was done.', 'dezgo-elt run'] as const),
    ...[
      "from read_csv('/etc/hostname')",
      "from read_text('file.duckdb')",
      "from glob('*')",
      "from 'http://127.0.0.1:9/rows.csv'",
    ].map((sql) => [sql, 'error: ', 'A query reads its dataset and nothing else'] as const),
  ])('refuses %j, exit 2, and says what there is', async (sql, problem, hint) => {
    const { code, stdout, stderr } = await ask(sql);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(problem);
    expect(stderr).toContain(hint);
  });

  it('says of rows that fail half-way why, and that they are not all', async () => {
    const { code, stdout, stderr } = await ask(
      "select bad::int as bad, repeat('x', 100) as wide from many",
      '--format',
      'jsonl',
    );
    expect(code).toBe(2);
    expect(stderr).toContain("Could not convert string 'x' to INT32");
    expect(stdout.split('\n').length).toBeLessThan(30_000);
  });

  it('shows where in the SQL DuckDB found an error', async () => {
    const { stderr } = await ask('select id\nfrom modles');
    expect(stderr).toContain('\n\nLINE 2: from modles\n             ^\n');
  });

  it('writes parquet, and any form, to a file that is whole or not there', async () => {
    const { cwd } = await asked();
    const names = async () => (await readdir(cwd)).filter((name) => name.includes('out'));
    expect(await ask("; from kinds where words <> ';--'; -- all; of them", '--to', 'out.parquet')).toMatchObject({
      code: 0,
      stdout: '',
    });
    expect(await ask('from many', '--to', 'out.csv')).toMatchObject({ code: 0, stdout: '' });
    expect((await readFile(join(cwd, 'out.csv'), 'utf8')).split('\n')).toHaveLength(30_002);
    const [row] = await withDuckdbFile(join(cwd, 'other.duckdb'), (connection) =>
      connection.rows(
        `select big::varchar as big, money::varchar as money, moment, list from '${join(cwd, 'out.parquet')}'`,
      ),
    );
    expect(row).toMatchObject({ big: '9007199254740993', money: '4.2700' });
    for (const [args, problem] of [
      [['select bad::int from many', '--to', 'out3.parquet'], 'Could not convert'],
      [['select bad::int from many', '--to', 'out3.csv'], 'Could not convert'],
      [['from many', '-o', 'parquet'], '--to rows.parquet'],
      [['from many', '--to', 'out3.parquet', '--limit', '1'], 'Write it into the SQL'],
      [['from many', '--to', 'nowhere/out3.csv'], 'could not be written: there is no such file or folder'],
      [['from many', '--to', 'nowhere/out3.parquet'], 'could not be written'],
      [['from many', '--to', '.', '-o', 'csv'], 'could not be written: '],
      [['from many', '--to', 'out3.xlsx'], '`--to out3.xlsx`: names that end with `.xlsx` stand for no form of rows.'],
      [['from many', '--to', 'out3'], '`--to out3`: a name without an ending stands for no form of rows.'],
      [
        ['from many', '--to', 'out3.csv.gz'],
        'End the name with .txt (table), .csv, .json, .jsonl or .ndjson, .parquet or .md, or name the form with `--output`.',
      ],
      [['from many', '--to', 'file.duckdb', '-o', 'csv'], 'is the file that is asked'],
      [["from enable_logging(storage = 'file', storage_path = 'log')", '--to', 'out3.parquet'], 'does more than read'],
      [["from read_text('file.duckdb')", '--to', 'out3.parquet'], 'reads its dataset'],
    ] as const) {
      const { code, stderr } = await ask(...args);
      expect({ args, code, stderr }).toEqual({ args, code: 2, stderr: expect.stringContaining(problem) });
    }
    expect(await names()).toEqual(['out.csv', 'out.parquet']);
  });

  it('stops a query that only computes, whenever it is told to', async () => {
    const { cwd } = await asked();
    const stopping = new AbortController();
    const reason = new PipelineError({ code: 'Terminated', message: 'x', hint: 'x', facts: { signal: 'SIGTERM' } });
    setTimeout(() => stopping.abort(reason), 100);
    const sql = 'select max(i * 2) from range(1000000000000) r(i)';
    const { code, stdout, stderr } = await runCommand(['query', sql], { cwd, signal: stopping.signal });
    expect({ code, stdout }).toEqual({ code: 143, stdout: '' });
    expect(stderr).toContain('The query was stopped by SIGTERM.');
  });

  it('answers nothing yet where nothing was loaded, exit 2', async () => {
    const { run } = await yamlProject();
    const { code, stdout, stderr } = await run(['query', 'select 1', '--format', 'json']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('dezgo-elt run') });
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 2, failure: { code: 'UsageInvalid' } });
  });
});
