import { PipelineError } from '../errors.ts';
import { readText } from '../files/read-text.ts';
import { errorCode, reasonOf } from '../files/reason.ts';

/** The text of a file with secrets; undefined where there is none and nobody asked for it by name. */
export async function readSecretsText(file: string, required = false): Promise<string | undefined> {
  try {
    return await readText(file);
  } catch (cause) {
    if (isAbsent(cause) && !required) return undefined;
    throw new PipelineError({
      code: 'ConfigNotFound',
      message: `The secrets file ${file} cannot be read: ${reasonOf(cause)}`,
      hint: required
        ? 'Copy secrets.example.yaml to this place, or leave out `--secrets` and set the environment variable.'
        : 'It is read because it stands beside the configuration: give this user the right to, or move it away.',
      facts: { file },
      cause,
    });
  }
}

// --- internal ---

/** Also where what should be its folder is something else. */
function isAbsent(cause: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(errorCode(cause) ?? '');
}
