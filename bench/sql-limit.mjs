// What DuckDB's own SQL needs for the same four tables: read_json and unnest, straight from the files.
import { DuckDBInstance } from '@duckdb/node-api';

const [folder, target] = process.argv.slice(2);
const instance = await DuckDBInstance.create(target);
const connection = await instance.connect();
await connection.run(`create temp table page as
  select filename || '/' || position as _id, record
  from (select filename, unnest(data) as record, generate_subscripts(data, 1) as position
        from read_json('${folder}/*.json', filename = true, maximum_object_size = 200000000))`);
await connection.run(`create table models as
  select record.id, record.name, record.family, record.nativeResolution.width as native_resolution__width,
         record.nativeResolution.height as native_resolution__height, record.createdAt::timestamptz as created_at,
         record.pricePerStep as price_per_step, record.nsfw, record.runs, record.description,
         '1' as _dlt_load_id, md5(_id) as _dlt_id
  from page`);
await connection.run(`create table models__functions as
  select value, md5(_id) as _dlt_parent_id, position as _dlt_list_idx, md5(_id || 'functions' || position) as _dlt_id
  from (select _id, unnest(record.functions) as value, generate_subscripts(record.functions, 1) - 1 as position from page)`);
await connection.run(`create temp table sample as
  select md5(_id || 'samples' || position) as _id, md5(_id) as _parent, position, record
  from (select _id, unnest(record.samples) as record, generate_subscripts(record.samples, 1) - 1 as position from page)`);
await connection.run(`create table models__samples as
  select record.url, record.score, _parent as _dlt_parent_id, position as _dlt_list_idx, _id as _dlt_id from sample`);
await connection.run(`create table models__samples__tags as
  select value, _id as _dlt_parent_id, position as _dlt_list_idx, md5(_id || 'tags' || position) as _dlt_id
  from (select _id, unnest(record.tags) as value, generate_subscripts(record.tags, 1) - 1 as position from sample)`);
await connection.run('checkpoint');
connection.closeSync();
instance.closeSync();
