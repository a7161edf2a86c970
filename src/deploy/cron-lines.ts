import { type DeployFile, type Deployment, unwritable } from './deployment.ts';

/** A crontab of one line. */
export function cronFiles(deployment: Deployment): DeployFile[] {
  const { pipeline, folder, program, options, schedule } = deployment;
  const words = [...program, ...options, 'run', '--quiet'];
  const command = ['cd', inCrontab(folder), '&&', ...words.map(inCrontab)].join(' ');
  const content = `# dezgo-elt, pipeline ${pipeline}. To add it to yours: { crontab -l; cat ${pipeline}.cron; } | crontab -
# It prints only warnings and failures: cron mails them to MAILTO. Exit codes: docs/cron.md.
# The key stands in secrets.yaml or .env beside the configuration (chmod 600); cron knows nothing of your shell's variables.
# A command for secrets is found by cron's own PATH, /usr/bin:/bin.
${schedule.cron} ${command}
`;
  return [{ path: `${pipeline}.cron`, content }];
}

// --- internal ---

/**
 * A word for `/bin/sh` in a crontab, where a `%` ends the command. No backslash but before `%`: some crons take it away, others do not.
 */
function inCrontab(word: string): string {
  if (/[\n\r\0]/.test(word)) throw unwritable('a crontab', word, 'a line break');
  if (word.includes('\\')) throw unwritable('a crontab', word, 'a backslash, which not every cron reads alike,');
  const quoted = /^[\w./@+=:,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
  return quoted.replaceAll('%', '\\%');
}
