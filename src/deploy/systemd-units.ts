import { type DeployFile, type Deployment, deployedName, unwritable } from './deployment.ts';

/** A service that runs once, and the timer that starts it. */
export function systemdFiles(deployment: Deployment): DeployFile[] {
  const name = deployedName(deployment);
  return [
    { path: `${name}.service`, content: service(deployment, name) },
    { path: `${name}.timer`, content: timer(deployment, name) },
  ];
}

// --- internal ---

/** More than a run waits for others and for what it has begun, in seconds. */
const MARGIN = 900;

function service(deployment: Deployment, name: string): string {
  const { pipeline, config, folder, program, options, longest, user, writable, writableIfThere } = deployment;
  const [node = '', ...rest] = program;
  const credentials = deployment.readsSecretsFile;
  const words = [...rest, ...(credentials ? ['-c', config] : options)].map((word) => inExec(word));
  const secrets = credentials ? ['--secrets', '$' + '{CREDENTIALS_DIRECTORY}/secrets.yaml'] : [];
  return `# dezgo-elt, pipeline ${pipeline}. To install:
#   sudo cp ${name}.service ${name}.timer /etc/systemd/system/
#   sudo systemctl daemon-reload && sudo systemctl enable --now ${name}.timer
[Unit]
Description=dezgo-elt, pipeline ${pipeline}
Wants=network-online.target
After=network-online.target
# Tried again at most twice, ten minutes after each failure that may pass.
StartLimitIntervalSec=6h
StartLimitBurst=3

[Service]
Type=oneshot
${user === undefined ? '# User=dezgo: a user of its own, who owns the folders below; as it is, it runs as root' : `User=${user}`}
WorkingDirectory=${wholeLine(folder)}
ExecStart=${[...inFront(node), ...words, ...secrets, 'run', '--quiet'].join(' ')}
${
  credentials
    ? `# Read by root and handed over: the file needs no right for anybody else.
LoadCredential=secrets.yaml:${wholeLine(deployment.secretsFile)}`
    : '# Secrets come from .env, .dlt or a command. For a file: LoadCredential=secrets.yaml:/etc/…, and --secrets in ExecStart.'
}
# 75: another run is going on. 143: it was told to stop, and did.
SuccessExitStatus=75 143
# Configuration, key, schema, balance: what trying again does not mend.
Restart=on-failure
RestartSec=10min
RestartPreventExitStatus=2 4 7 8
${longest === undefined ? '# pipeline.timeout is not set: nothing limits a run.\nTimeoutStartSec=infinity' : `# More than pipeline.timeout: a load that has begun is finished.\nTimeoutStartSec=${Math.ceil(longest / 1000) + MARGIN}`}
TimeoutStopSec=5min

NoNewPrivileges=yes
${user === undefined ? '' : 'CapabilityBoundingSet=\n'}ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths=${[...writable, ...writableIfThere.map((path) => `-${path}`)].map(inList).join(' ')}
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
`;
}

function timer({ pipeline, schedule }: Deployment, name: string): string {
  return `[Unit]
Description=Starts ${name}.service, which runs the pipeline ${pipeline}

[Timer]
${schedule.calendar.map((line) => `OnCalendar=${line}`).join('\n')}
# A run that was missed while the machine was off is made up for.
Persistent=yes
AccuracySec=1min

[Install]
WantedBy=timers.target
`;
}

/** The program. Its path may hold no quotes, as that of `env`, which starts any. */
function inFront(program: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\\'"\x00-\x1f\x7f]/.test(program) ? ['/usr/bin/env', inExec(program)] : [inExec(program, true)];
}

/** A word of a command line: in quotes, with `%` and `$` doubled; `$` means itself in the program. */
function inExec(word: string, isProgram = false): string {
  const doubled = isProgram ? word : word.replaceAll('$', '$$$$');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
  const escaped = doubled.replaceAll('%', '%%').replace(/[\\"\x00-\x1f\x7f]/g, (character) => {
    if (character === '\\' || character === '"') return `\\${character}`;
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return /^[\w./@%$+=:,-]+$/.test(escaped) ? escaped : `"${escaped}"`;
}

/** A value that is taken to the end of the line, as it stands but for `%`. */
function wholeLine(path: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\x00-\x1f\x7f]/.test(path))
    throw unwritable('a unit of systemd', path, 'a line break or another control character');
  if (/[\\\s]$/.test(path)) throw unwritable('a unit of systemd', path, 'a blank or a backslash at its end');
  return path.replaceAll('%', '%%');
}

/** A path in a list: backslashes mean themselves there. */
function inList(path: string): string {
  const written = wholeLine(path);
  if (/^[^\s"'\\;]+$/.test(written)) return written;
  const quote = ['"', "'"].find((mark) => !written.includes(mark));
  if (quote === undefined || written.includes('\\')) {
    throw unwritable('a unit of systemd', path, 'a backslash, or quotation marks of both kinds,');
  }
  return `${quote}${written}${quote}`;
}
