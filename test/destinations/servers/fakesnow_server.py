"""fakesnow as the driver for Node sees Snowflake: answers in JSON instead of Arrow, and a few statements more.

What it makes up for, and what it does not tell apart from the real thing:
- settings of a session change how values are written here, and nothing else;
- it has no comments of columns: they are left out; those of tables lose their quotes, with which it makes no SQL;
- COPY INTO finds no temporary table: they are tables in a schema of their session, where nobody else sees them;
- it knows no warehouses.
"""

import base64
import datetime
import decimal
import json
import re
import sys

import fakesnow.cursor as cursor
import fakesnow.server as server
import fakesnow.transforms as transforms
import pyarrow
import uvicorn
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import Response

FIRST_DAY = datetime.date(1970, 1, 1)
SETTING = re.compile(r"(\w+)\s*=\s*('[^']*'|\w+)")
VIEW = re.compile(r"^(create or replace view (\S+)) comment = ('(?:\\.|''|[^'])*') as", re.S)
PARSE_JSON = re.compile(r"parse_json\(([^()]+), 'd'\)")
WITHOUT_QUOTES = re.compile(r"['\\\\]")
TEMPORARY = re.compile(r'"[^"]+"\."(ELT_(?:STAGE|FILES)_)')
settings = {}
sessions = {}
plain_execute = cursor.FakeSnowflakeCursor.execute
plain_precision = transforms.integer_precision


def execute(self, command, *args, **kwargs):
    words = command.strip().lower()
    if TEMPORARY.search(command):
        if id(self._conn) not in sessions:
            sessions[id(self._conn)] = f"SESSION_{len(sessions)}"
        schema = sessions[id(self._conn)]
        if command.startswith("create or replace temporary"):
            plain_execute(self, f"create schema if not exists {schema}")
        command = TEMPORARY.sub(rf'"{schema}"."\1', command)
    command = PARSE_JSON.sub(r"parse_json(\1)", command)
    command = command.replace("current_warehouse()", "'ELT'").replace("replace temporary table", "replace table")
    if words.startswith("alter session set"):
        settings.update((name.upper(), value.strip("'")) for name, value in SETTING.findall(command[17:]))
        command = "select 1"
    if words.startswith("alter table") and " modify column " in words:
        command = "select 1"
    if words.startswith("alter table") and " set comment = " in words:
        table, comment = command.split(" set comment = ", 1)
        command = f"{table} set comment = '{WITHOUT_QUOTES.sub('', comment)}'"
    view = VIEW.match(command)
    if view is None:
        return plain_execute(self, command, *args, **kwargs)
    plain_execute(self, f"{view[1]} as{command[view.end():]}", *args, **kwargs)
    return plain_execute(self, f"comment on table {view[2]} is {view[3]}")


def integer_precision(expression):
    """38 digits are more than 64 bits."""
    if expression.sql("duckdb") == "DECIMAL(38, 0)":
        return expression
    return plain_precision(expression)


def text(value, kind):
    if value is None:
        return None
    if isinstance(value, dict):  # a timestamp
        if value["epoch"] is None:
            return None
        nanos = value["epoch"] * 10**9 + value["fraction"]
        seconds = f"{'-' if nanos < 0 else ''}{abs(nanos) // 10**9}.{abs(nanos) % 10**9:09d}"
        return f"{seconds} {value['timezone']}" if "timezone" in value else seconds
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime.date) and kind == "date":
        return str((value - FIRST_DAY).days)
    if kind == "time":
        return f"{value // 10**9}.{value % 10**9:09d}"
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, float):
        return repr(value)
    return str(value)


def rows_of(data):
    if not data["rowsetBase64"]:
        return []
    table = pyarrow.ipc.open_stream(base64.b64decode(data["rowsetBase64"])).read_all()
    kinds = [column["type"].lower() for column in data["rowtype"]]
    columns = [column.to_pylist() for column in table.columns]
    return [[text(value, kind) for value, kind in zip(row, kinds)] for row in zip(*columns)]


class InJson(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        response = await call_next(request)
        if request.url.path != "/queries/v1/query-request":
            return response
        document = json.loads(b"".join([part async for part in response.body_iterator]))
        if response.status_code == 500:  # the driver would ask again for minutes
            document = {"success": False, "code": "999999", "message": document["message"], "data": {}}
        data = document.get("data") or {}
        if data.get("queryResultFormat") == "arrow":
            rows = rows_of(data)
            data.pop("rowsetBase64")
            data.update(queryResultFormat="json", rowset=rows, total=len(rows))
        if "rowset" in data:
            data["returned"] = len(data["rowset"])
        if "parameters" in data:
            data["parameters"] += [{"name": name, "value": value} for name, value in settings.items()]
        if "stageInfo" in data:
            data["stageInfo"].update(region="us", endPoint="")
        return Response(json.dumps(document), media_type="application/json")


cursor.FakeSnowflakeCursor.execute = execute
transforms.integer_precision = integer_precision
server.gcs_stage_info = lambda request, expression, put: put["stageInfo"]  # a stage is a folder, into which the driver copies
server.app.add_middleware(InJson)
uvicorn.run(server.app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
