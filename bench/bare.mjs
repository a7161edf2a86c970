// A Node process that does nothing but load the driver and open a file: what no cold run can go below.
import { DuckDBInstance } from '@duckdb/node-api';

const instance = await DuckDBInstance.create(process.argv[2]);
const connection = await instance.connect();
await connection.run('select 1');
connection.closeSync();
instance.closeSync();
