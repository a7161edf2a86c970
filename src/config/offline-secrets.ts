import type { PipelineConfig } from './pipeline-config.ts';
import { Secret } from './secret.ts';

/** The configuration for a run that asks nobody: what is missing of its secrets is made up, and hidden as they would be. */
export function withOfflineSecrets(config: PipelineConfig): PipelineConfig {
  const madeUp: Secret[] = [];
  const source = filled(config.source, madeUp);
  return madeUp.length === 0 ? config : { ...config, source, secrets: [...config.secrets, ...madeUp] };
}

// --- internal ---

function filled<Part>(part: Part, madeUp: Secret[]): Part;
function filled(part: unknown, madeUp: Secret[]): unknown {
  if (part instanceof Secret) {
    if (!part.isMissing) return part;
    const secret = Secret.found('offline', `made-up-secret-${madeUp.length}-of-an-offline-run`, 'nowhere');
    madeUp.push(secret);
    return secret;
  }
  if (Array.isArray(part)) return part.map((member) => filled(member, madeUp));
  if (typeof part !== 'object' || part === null || Object.getPrototypeOf(part) !== Object.prototype) return part;
  return Object.fromEntries(Object.entries(part).map(([key, member]) => [key, filled(member, madeUp)]));
}
