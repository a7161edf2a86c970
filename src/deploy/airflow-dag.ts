import { quotedCommand } from '../text/quoted-command.ts';
import { type DeployFile, type Deployment, deployedName } from './deployment.ts';

/** A DAG of one task, for Airflow 2.6 and later. */
export function airflowFiles(deployment: Deployment): DeployFile[] {
  const { pipeline, folder, program, options, schedule, longest } = deployment;
  const name = deployedName(deployment);
  const minutes = longest === undefined ? undefined : Math.ceil(longest / 60_000) + MARGIN;
  const command = `cd ${quotedCommand([folder])} && exec ${quotedCommand([...program, ...options, 'run', '--progress', 'log'])}`;
  const content = `"""dezgo-elt, pipeline ${pipeline}: put this file into the folder of the DAGs of Airflow.

The worker needs the folder of the project, with its secrets.yaml or .env (chmod 600), or the variables below in its environment:
${deployment.variables.map((variable) => `    ${variable}`).join('\n') || '    (none)'}
"""

from datetime import datetime, timedelta

from airflow import DAG

try:
    from airflow.providers.standard.operators.bash import BashOperator
except ImportError:  # Airflow 2
    from airflow.operators.bash import BashOperator

with DAG(
    dag_id=${python(name)},
    description=${python(`dezgo-elt, pipeline ${pipeline}`)},
    schedule=${python(schedule.cron)},
    start_date=datetime(2024, 1, 1),
    catchup=False,
    max_active_runs=1,
    tags=["dezgo-elt"],
) as dag:
    BashOperator(
        task_id="run",
        # A blank at the end: what ends with .sh would be taken for the name of a file.
        bash_command=${python(`${withoutTemplates(command)} `)},
        # 75: another run of this pipeline is going on.
        skip_on_exit_code=75,
        append_env=True,
        retries=2,
        retry_delay=timedelta(minutes=10),
${minutes === undefined ? '' : `        # More than pipeline.timeout: a load that has begun is finished.\n        execution_timeout=timedelta(minutes=${minutes}),\n`}    )
`;
  return [{ path: `${name.replaceAll('-', '_')}_dag.py`, content }];
}

// --- internal ---

const MARGIN = 15;

/** A literal: Python escapes as JSON does. */
function python(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007f');
}

/** Airflow fills in what Jinja takes for a template, and every such begins with a brace. */
function withoutTemplates(text: string): string {
  return text.replaceAll('{', "{{ '{' }}");
}
