// Spark with Delta in the place of a SQL warehouse, and a server of files in the place of the Files API.
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { pythonPackages } from './installed.mjs';
import { freePort, isListening, run, start } from './programs.mjs';

const token = 'invented-token';
const path = 'sql/1.0/warehouses/elt';
/** There is no statement that makes one. */
const volume = 'spark_catalog/elt/staging';
/** Tables here have a few rows: what helps with many only takes time. */
const swift = {
  'spark.log.level': 'ERROR',
  'spark.ui.enabled': 'false',
  'spark.sql.shuffle.partitions': '1',
  'spark.sql.adaptive.enabled': 'false',
  'spark.sql.codegen.wholeStage': 'false',
  'spark.sql.codegen.factoryMode': 'NO_CODEGEN',
  'spark.sql.ui.retainedExecutions': '1',
  'spark.locality.wait': '0',
  'spark.sql.parquet.outputTimestampType': 'TIMESTAMP_MICROS',
  'spark.sql.artifact.isolation.enabled': 'false',
  'spark.databricks.delta.snapshotPartitions': '1',
  'spark.databricks.delta.stats.collect': 'false',
  'spark.databricks.delta.stats.skipping': 'false',
  'spark.databricks.delta.writeChecksumFile.enabled': 'false',
  'spark.databricks.delta.merge.materializeSource': 'none',
  'spark.databricks.delta.properties.defaults.checkpointInterval': '1000',
};
const shims = fileURLToPath(new URL('databricks-shims.cjs', import.meta.url));

/** It keeps everything in a folder that goes with it. Needs Python and Java 17. */
export async function startDatabricks() {
  const spark = await sparkFolder();
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'dezgo-elt-databricks-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await mkdir(join(folder, 'Volumes', volume), { recursive: true });
    const port = await freePort();
    const env = { ...process.env, SPARK_HOME: spark, SPARK_LOCAL_IP: '127.0.0.1' };
    const stop = await start(
      join(spark, 'bin', 'spark-submit'),
      sparkArguments(spark, folder, port),
      () => isListening(port),
      {
        ...{ env, cwd: folder, seconds: 600 },
      },
    );
    const front = await startFront(folder, port);
    return {
      env: {
        TEST_DATABRICKS: `databricks://token:${token}@localhost:${front.port}?http_path=/${path}&catalog=spark_catalog`,
        TEST_DATABRICKS_VOLUMES: join(folder, 'Volumes'),
        TEST_DATABRICKS_WAREHOUSE: join(folder, 'warehouse'),
        NODE_EXTRA_CA_CERTS: front.certificate,
        NODE_OPTIONS: `--require=${shims}`,
      },
      stop: async () => {
        front.server.closeAllConnections();
        front.server.close();
        await stop().finally(remove);
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Where pip puts Spark. */
async function sparkFolder() {
  const folder = await pythonPackages('spark', 'pyspark==4.0.1', 'delta-spark==4.0.0');
  const [python = ''] = (await readdir(join(folder, 'lib'))).filter((name) => name.startsWith('python'));
  return join(folder, 'lib', python, 'site-packages', 'pyspark');
}

function sparkArguments(home, folder, port) {
  const spark = {
    'spark.jars.ivy': join(home, 'ivy'),
    'spark.sql.extensions': 'io.delta.sql.DeltaSparkSessionExtension',
    'spark.sql.catalog.spark_catalog': 'org.apache.spark.sql.delta.catalog.DeltaCatalog',
    'spark.sql.catalogImplementation': 'in-memory',
    'spark.sql.warehouse.dir': join(folder, 'warehouse'),
    ...swift,
    'spark.driver.extraJavaOptions': `-Dderby.system.home=${join(folder, 'derby')} -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=512m -XX:+UseSerialGC -Xmn800m`,
  };
  const hive = {
    'hive.server2.transport.mode': 'http',
    'hive.server2.thrift.http.port': port,
    'hive.server2.thrift.http.path': path,
    'hive.server2.thrift.bind.host': '127.0.0.1',
    'hive.server2.authentication': 'NOSASL',
    'hive.hmshandler.retry.attempts': '0', // a session asks for the metastore of Hive when it ends, and there is none
  };
  const master = ['--master', 'local[4]', '--driver-memory', '2500m', '--packages', 'io.delta:delta-spark_2.13:4.0.0'];
  return [
    ...['--class', 'org.apache.spark.sql.hive.thriftserver.HiveThriftServer2', ...master],
    ...Object.entries(spark).flatMap(([key, value]) => ['--conf', `${key}=${value}`]),
    'spark-internal',
    ...Object.entries(hive).flatMap(([key, value]) => ['--hiveconf', `${key}=${value}`]),
  ];
}

/** Speaks TLS, as the driver wants it: files are kept here, the rest is Spark's. Lets in who has the token. */
async function startFront(folder, spark) {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  await run('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-keyout',
    key,
    '-out',
    certificate,
    ...names,
  ]);
  const server = createServer({ key: await readFile(key), cert: await readFile(certificate) }, (asked, reply) => {
    if (asked.headers.authorization !== `Bearer ${token}`)
      return reply.writeHead(401).end('{"message":"Invalid access token."}');
    const isFile = asked.url.startsWith('/api/2.0/fs/files/');
    if (!isFile && asked.url !== `/${path}`)
      return reply.writeHead(404).end('{"error_code":"RESOURCE_DOES_NOT_EXIST"}');
    const answered = isFile ? keepFile(folder, asked, reply) : forward(spark, asked, reply);
    answered.catch(() => reply.destroy());
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return { server, certificate, port: server.address().port };
}

async function keepFile(folder, asked, reply) {
  const { pathname } = new URL(asked.url, 'https://localhost');
  const file = join(folder, decodeURIComponent(pathname.slice('/api/2.0/fs/files/'.length)));
  if (!existsSync(asked.method === 'PUT' ? dirname(file) : file))
    return reply.writeHead(404).end('{"error_code":"NOT_FOUND","message":"The path does not exist."}');
  if (asked.method === 'DELETE') await rm(file);
  else if (asked.method === 'PUT') await pipeline(asked, createWriteStream(file));
  reply.writeHead(204).end();
}

async function forward(port, asked, reply) {
  const pieces = [];
  for await (const piece of asked) pieces.push(piece);
  const body = Buffer.concat(pieces);
  const headers = { ...asked.headers, host: `127.0.0.1:${port}`, 'content-length': body.length };
  delete headers['transfer-encoding'];
  headers.authorization = `Basic ${Buffer.from('elt:elt').toString('base64')}`;
  const sent = request({ host: '127.0.0.1', port, method: asked.method, path: asked.url, headers }, (answer) => {
    reply.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(reply);
  });
  sent.once('error', () => reply.destroy());
  sent.end(body);
}
