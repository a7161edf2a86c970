import { checkEntry } from './entries/check-entry.ts';
import { compactEntry } from './entries/compact-entry.ts';
import { completionEntry } from './entries/completion-entry.ts';
import { connectEntry } from './entries/connect-entry.ts';
import { costsEntry } from './entries/costs-entry.ts';
import { demoEntry } from './entries/demo-entry.ts';
import { deployEntry } from './entries/deploy-entry.ts';
import { diffEntry } from './entries/diff-entry.ts';
import { doctorEntry } from './entries/doctor-entry.ts';
import type { CommandEntry } from './entries/entry.ts';
import { infoEntry } from './entries/info-entry.ts';
import { initEntry } from './entries/init-entry.ts';
import { installExtensionEntry } from './entries/install-extension-entry.ts';
import { mcpEntry } from './entries/mcp-entry.ts';
import { packagesEntry } from './entries/packages-entry.ts';
import { planEntry } from './entries/plan-entry.ts';
import { previewEntry } from './entries/preview-entry.ts';
import { queryEntry } from './entries/query-entry.ts';
import { recordEntry } from './entries/record-entry.ts';
import { replayEntry } from './entries/replay-entry.ts';
import { requestsEntry } from './entries/requests-entry.ts';
import { rollbackEntry } from './entries/rollback-entry.ts';
import { runEntry } from './entries/run-entry.ts';
import { sandboxEntry } from './entries/sandbox-entry.ts';
import { schemaEntry } from './entries/schema-entry.ts';
import { showEntry } from './entries/show-entry.ts';
import { snapshotsEntry } from './entries/snapshots-entry.ts';
import { stateEntry } from './entries/state-entry.ts';
import { testEntry } from './entries/test-entry.ts';
import { typesEntry } from './entries/types-entry.ts';
import { validateEntry } from './entries/validate-entry.ts';

/** Every command, in the order of the help within its group. */
export const commandList: readonly CommandEntry[] = [
  runEntry,
  replayEntry,
  validateEntry,
  planEntry,
  checkEntry,
  previewEntry,
  infoEntry,
  showEntry,
  requestsEntry,
  costsEntry,
  schemaEntry,
  queryEntry,
  connectEntry,
  mcpEntry,
  typesEntry,
  diffEntry,
  doctorEntry,
  packagesEntry,
  stateEntry,
  snapshotsEntry,
  rollbackEntry,
  initEntry,
  deployEntry,
  compactEntry,
  installExtensionEntry,
  completionEntry,
  recordEntry,
  testEntry,
  sandboxEntry,
  demoEntry,
];
