/** What `deploy` makes files for. */
export const targetNames = ['cron', 'systemd', 'github-actions', 'airflow', 'docker', 'kubernetes'] as const;

export type DeployTarget = (typeof targetNames)[number];
