import { asPipelineError } from '../errors.ts';
import { type Settings, settings } from '../inspection/settings.ts';
import { stateListing } from '../inspection/state-listing.ts';
import type { StateListing } from '../report/state-text.ts';
import type { Project } from './project.ts';

export interface ConfigurationView extends Settings {
  /** null: it cannot be read. */
  readonly state: StateListing | null;
  readonly unreadable: { readonly code: string; readonly message: string; readonly hint: string } | null;
}

export async function configurationView({ placed, shownFile }: Project): Promise<ConfigurationView> {
  const known = settings(placed, shownFile);
  try {
    return { ...known, state: await stateListing(placed.config), unreadable: null };
  } catch (thrown) {
    const { code, message, hint } = asPipelineError(thrown);
    return { ...known, state: null, unreadable: { code, message, hint } };
  }
}
