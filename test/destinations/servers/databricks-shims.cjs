// What a SQL warehouse sends and Spark's Thrift server does not, for the driver; `--require`d where the tests run.
const { createRequire } = require('node:module');
const { join } = require('node:path');

const types = createRequire(join(process.env.TEST_CLIENTS_databricks_sql, 'x.js'))(
  '@databricks/sql/thrift/TCLIService_types.js',
);

function afterReading(name, change) {
  const { prototype } = types[name];
  const { read } = prototype;
  prototype.read = function (input) {
    const result = read.call(this, input);
    change(this);
    return result;
  };
}

const { write } = types.TOpenSessionReq.prototype;
types.TOpenSessionReq.prototype.write = function (output) {
  this.client_protocol = 7;
  return write.call(this, output);
};
afterReading('TGetResultSetMetadataResp', (answer) => {
  answer.resultFormat ??= types.TSparkRowSetType.COLUMN_BASED_SET;
  for (const column of answer.schema?.columns ?? []) column.position += 1;
});
