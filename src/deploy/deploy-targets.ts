import { airflowFiles } from './airflow-dag.ts';
import { cronFiles } from './cron-lines.ts';
import type { DeployFile, Deployment } from './deployment.ts';
import { dockerFiles } from './docker-image.ts';
import { githubFiles } from './github-workflow.ts';
import { kubernetesFiles } from './kubernetes-job.ts';
import { systemdFiles } from './systemd-units.ts';
import type { DeployTarget } from './target-names.ts';

/** What each scheduler needs. Throws UsageInvalid for a path that it has no way to write. */
export const deployTargets: Readonly<Record<DeployTarget, (deployment: Deployment) => DeployFile[]>> = {
  cron: cronFiles,
  systemd: systemdFiles,
  'github-actions': githubFiles,
  airflow: airflowFiles,
  docker: dockerFiles,
  kubernetes: kubernetesFiles,
};
