"""bqemulator 1.4 with what a load needs of BigQuery and it lacks. Arguments: those of `bqemulator`.

- Columns of INFORMATION_SCHEMA are those that are there (not those of the statement that made the table), with their types, sizes and
  descriptions; COLUMN_FIELD_PATHS is there.
- One `alter table` changes several columns; descriptions are kept.
- A BIGNUMERIC without sizes has 38 digits before the point instead of 33, and none behind it.
- A transaction belongs to its session: there is one connection for all, so others wait, and one that nobody goes on with is rolled back.
"""
import asyncio
import json
import re
import time

import pyarrow as pa

import bqemulator.server as server
import bqemulator.sql.inner_query as inner_query
from bqemulator.cli import main
from bqemulator.storage.engine import DuckDBEngine

ABANDONED = 4.0  # seconds
NAME = r'`((?:[^`\\]|\\.)*)`'
RELATION = rf'(?:{NAME}|(\w+))\.(?:{NAME}|(\w+))'
TEXT = r"'((?:[^'\\]|\\.)*)'"
TYPES = {
    'BIGINT': 'INT64', 'VARCHAR': 'STRING', 'DOUBLE': 'FLOAT64', 'BOOLEAN': 'BOOL', 'TIMESTAMP WITH TIME ZONE': 'TIMESTAMP',
    'TIMESTAMP': 'DATETIME', 'BLOB': 'BYTES',
}

engine = None
declared = {}  # the type that a statement gave a column, by (schema, table, column)
transaction = {'owner': None, 'at': 0.0}

started = DuckDBEngine.start


async def start(self):
    global engine
    await started(self)
    engine = self


DuckDBEngine.start = start


def rows(sql, *values):
    return engine.connection.cursor().execute(sql, list(values)).fetchall() if transaction['owner'] is None else engine.execute(sql, list(values)).fetchall()


def identifier(name):
    return '"' + name.replace('"', '""') + '"'


def unescaped(text):
    return re.sub(r'\\(.)', lambda m: {'n': '\n', 'r': '\r'}.get(m.group(1), m.group(1)), text)


def relation(match, at=1):
    a, b, c, d = match.groups()[at - 1:at + 3]
    return 'test__' + (a or b), c or d


def type_of(schema, table, column, duckdb):
    known = declared.get((schema, table, column))
    if known:
        return re.sub(r',\s*', ', ', known)
    decimal = re.match(r'DECIMAL\((\d+),(\d+)\)', duckdb)
    return f'NUMERIC({decimal[1]}, {decimal[2]})' if decimal else TYPES.get(duckdb, duckdb)


def as_table(name, names, found):
    """A table with these rows, as SQL that the emulator reads: its parser is slow with as many literals."""
    kinds = {'ordinal_position': pa.int64()}
    columns = zip(*found) if found else ([] for _ in names)
    rows = pa.table([pa.array(list(values), kinds.get(n, pa.string())) for n, values in zip(names, columns)], names=names)
    engine.connection.register('elt_rows', rows)
    engine.execute('create schema if not exists test__elt_info')
    engine.execute(f'create or replace table test__elt_info.{identifier(name)} as select * from elt_rows')
    return f'`elt_info`.`{name}`'


def view(dataset, name):
    schema = 'test__' + dataset
    if name == 'TABLES':
        found = rows('select table_name, table_type from information_schema.tables where table_schema = ?', schema)
        return as_table(f'{name}_{dataset}', ['table_name', 'table_type'], found)
    if name == 'TABLE_OPTIONS':
        found = rows('select table_name, comment from duckdb_tables() where schema_name = $1 and comment is not null '
                     'union all select view_name, comment from duckdb_views() where schema_name = $1 and comment is not null', schema)
        return as_table(f'{name}_{dataset}', ['table_name', 'option_name', 'option_value'], [(t, 'description', json.dumps(c, ensure_ascii=False)) for t, c in found])
    found = rows('select table_name, column_name, column_index, is_nullable, data_type, comment from duckdb_columns() where schema_name = ?', schema)
    if name == 'COLUMN_FIELD_PATHS':
        return as_table(f'{name}_{dataset}', ['table_name', 'field_path', 'description'], [(t, c, d) for t, c, _, _, _, d in found])
    return as_table(
        f'{name}_{dataset}', ['table_name', 'column_name', 'ordinal_position', 'is_nullable', 'data_type', 'is_generated'],
        [(t, c, i, 'YES' if n else 'NO', type_of(schema, t, c, k), 'NEVER') for t, c, i, n, k, _ in found])


expanded = inner_query.expand_information_schema


def expand(sql, project, catalog):
    pattern = rf'(?:{NAME}|\b(\w+))\.INFORMATION_SCHEMA\.(COLUMNS|TABLES|TABLE_OPTIONS|COLUMN_FIELD_PATHS)\b'
    return expanded(re.sub(pattern, lambda m: view(m[1] or m[2], m[3].upper()), sql, flags=re.I), project, catalog)


inner_query.expand_information_schema = expand


def translated(sql):
    """What is asked of the emulator instead, and what is done after it."""
    comment = lambda what, name, text: engine.execute(f"comment on {what} {name} is '" + unescaped(text).replace("'", "''") + "'")
    if m := re.match(rf'create (?:or replace )?table (?:if not exists )?{RELATION} \((.*)\)', sql, re.I | re.S):
        schema, table = relation(m)
        for name, kind in re.findall(rf'{NAME} ([A-Z0-9]+(?:\(\d+(?:, ?\d+)?\))?)', m[5]):
            if 'if not exists' in sql[:30]:
                declared.setdefault((schema, table, name), kind)
            else:
                declared[schema, table, name] = kind
    elif m := re.match(rf'alter table {RELATION} set options \(description = {TEXT}\)$', sql, re.I | re.S):
        schema, table = relation(m)
        comment('table', f'{identifier(schema)}.{identifier(table)}', m[5])
        return 'select 1', None
    elif m := re.match(rf'alter table {RELATION} alter column .* set options ', sql, re.I | re.S):
        schema, table = relation(m)
        for name, text in re.findall(rf'alter column {NAME} set options \(description = {TEXT}\)', sql):
            comment('column', f'{identifier(schema)}.{identifier(table)}.{identifier(name)}', text)
        return 'select 1', None
    elif m := re.match(rf'alter table ({RELATION}) add column if not exists ', sql, re.I):
        schema, table = relation(m, 2)
        added = re.findall(rf'add column if not exists {NAME} ([A-Z0-9]+(?:\(\d+(?:, ?\d+)?\))?)', sql)
        for name, kind in added:
            declared.setdefault((schema, table, name), kind)
        return '; '.join(f'alter table {m[1]} add column if not exists `{n}` {k}' for n, k in added), None
    elif m := re.match(rf'create or replace view {RELATION} options \(description = {TEXT}\)', sql, re.I | re.S):
        schema, table = relation(m)
        return sql, lambda: comment('view', f'{identifier(schema)}.{identifier(table)}', m[5])
    elif m := re.match(rf'drop table if exists {RELATION}', sql, re.I):
        schema, table = relation(m)
        for key in [key for key in declared if key[:2] == (schema, table)]:
            del declared[key]
    return sql, None


def roll_back():
    try:
        engine.execute('rollback')
    except Exception:
        pass
    transaction['owner'] = None


async def turn(session):
    while transaction['owner'] not in (None, session):
        if time.monotonic() - transaction['at'] > ABANDONED:
            roll_back()
        else:
            await asyncio.sleep(0.05)
    transaction['at'] = time.monotonic()


class Sessions:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        path = scope.get('path', '')
        if scope['type'] != 'http' or scope['method'] not in ('POST', 'PUT') or not path.endswith('/jobs'):
            return await self.app(scope, receive, send)
        if '/upload/' in path:
            await turn(None)
            return await self.app(scope, receive, send)
        body = b''
        while True:
            message = await receive()
            body += message.get('body', b'')
            if not message.get('more_body'):
                break
        job = json.loads(body or b'{}')
        query = job.get('configuration', {}).get('query')
        after, sql = None, ''
        if query is not None and not job['configuration'].get('dryRun'):
            sql = query['query'].strip()
            session = next((p['value'] for p in query.get('connectionProperties', []) if p['key'] == 'session_id'), None)
            aborted = re.fullmatch(r"call bq\.abort_session\((?:'(.*)')?\)", sql)
            if aborted is None:
                await turn(session)
            if sql == 'begin transaction':
                transaction['owner'] = session
            elif aborted is not None:
                if transaction['owner'] is not None and transaction['owner'] == (aborted[1] or session):
                    roll_back()
                query['query'] = 'select 1'
            else:
                statement, after = translated(sql)
                query['query'] = re.sub(r'\bBIGNUMERIC\b(?! ?\()', 'BIGNUMERIC(38, 0)', statement)
            body = json.dumps(job).encode()
            scope = {**scope, 'headers': [(n, v) for n, v in scope['headers'] if n != b'content-length'] + [(b'content-length', str(len(body)).encode())]}
        answer = b''

        async def again():
            return {'type': 'http.request', 'body': body, 'more_body': False}

        async def watch(message):
            nonlocal answer
            if message['type'] == 'http.response.body':
                answer += message.get('body', b'')
                if not message.get('more_body'):
                    if sql in ('commit transaction', 'rollback transaction'):
                        transaction['owner'] = None
                    elif after is not None:
                        try:
                            after()
                        except Exception:
                            pass
            await send(message)

        await self.app(scope, again, watch)


made = server.create_app


def create_app(*args, **kwargs):
    app = made(*args, **kwargs)
    app.add_middleware(Sessions)
    return app


server.create_app = create_app
main()
