import { type DeployFile, type Deployment, deployedName } from './deployment.ts';
import { relativeTo } from './relative-path.ts';

/** An image that runs as a user without rights, with all that it writes in a volume. */
export function dockerFiles(deployment: Deployment): DeployFile[] {
  return [
    { path: 'Dockerfile', content: dockerfile(deployment) },
    { path: '.dockerignore', content: deployment.project.isProgram ? `${ignored}dist\n` : ignored },
  ];
}

// --- internal ---

function dockerfile(deployment: Deployment): string {
  const { pipeline, config, project, schedule, variables } = deployment;
  const name = deployedName(deployment);
  const inProject = relativeTo(project.folder, config);
  const script = project.isProgram ? '/app/dist/bin/cli.js' : '/app/node_modules/dezgo-elt/dist/bin/cli.js';
  const passed = variables.map((variable) => `-e ${variable} `).join('');
  return `# dezgo-elt, pipeline ${pipeline}. In the folder that has the package.json:
#   docker build -t ${name} .
#   docker run --rm ${passed}-v ${name}:/data ${name}
# Every night, in the crontab of the host, where the command is \`run\` and the variables are set:
#   ${schedule.cron}  docker run --rm ${passed}-v ${name}:/data ${name}
# A secrets file instead of variables: -v /etc/${name}/secrets.yaml:/run/secrets.yaml:ro, and --secrets /run/secrets.yaml run
FROM node:22-slim AS build
WORKDIR /app
COPY . .
RUN ${project.isProgram ? 'npm ci && npm prune --omit=dev' : 'npm ci --omit=dev'}

FROM node:22-slim
ENV NODE_ENV=production TZ=UTC
WORKDIR /app
COPY --from=build /app /app
RUN install -d -o node -g node -m 0700 /data
# Not root. All that a run writes is in the volume, whatever the configuration says.
USER node
VOLUME ["/data"]
ENV DESTINATION__DUCKDB__CREDENTIALS=/data/${pipeline}.duckdb PIPELINE__WORKING_DIR=/data/.dezgo-elt PIPELINE__DESTINATION__FILES_DIR=/data/files
${alsoWritten(deployment)}# It stops at the next page, and the next run goes on there.
STOPSIGNAL SIGTERM
ENTRYPOINT ${json(['node', script, '-c', `/app/${inProject}`])}
CMD ["run", "--quiet"]
`;
}

/** Without a line where nothing else is written. */
function alsoWritten({ pipeline, metricsFile, lineageFile, exportSchemaPath }: Deployment): string {
  const variables = [
    ...(metricsFile === undefined ? [] : [`PIPELINE__METRICS_FILE=/data/${pipeline}.prom`]),
    ...(lineageFile === undefined ? [] : ['PIPELINE__OPENLINEAGE__FILE=/data/lineage.jsonl']),
    ...(exportSchemaPath === undefined ? [] : ['PIPELINE__EXPORT_SCHEMA_PATH=/data/schemas']),
  ];
  const forCollector =
    metricsFile === undefined
      ? ''
      : '# To hand the metrics to a collector: -v ITS_FOLDER:/metrics, which user 1000 may write, -e PIPELINE__METRICS_FILE=/metrics/NAME.prom\n';
  return variables.length === 0 ? '' : `${forCollector}ENV ${variables.join(' ')}\n`;
}

function json(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
}

const ignored = `# Nothing secret, nothing that was loaded, nothing that the build makes itself.
.git
**/node_modules
.env
**/.env
secrets.yaml
**/secrets.yaml
.dlt
**/.dlt
.dezgo-elt
**/.dezgo-elt
*.duckdb
*.duckdb.*
**/*.duckdb
**/*.duckdb.*
files
coverage
demo
`;
