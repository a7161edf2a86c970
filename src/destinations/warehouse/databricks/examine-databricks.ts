import { asPipelineError } from '../../../errors.ts';
import { fragment } from '../../../load/staging/sql-fragment.ts';
import { fail, ok, type Symptom } from '../../../report/doctor-text.ts';
import type { DatabricksPlace } from './databricks-client.ts';
import { databricksDialect } from './databricks-dialect.ts';
import { databricksLocation } from './databricks-location.ts';
import { loadingSession } from './databricks-warehouse.ts';

const SERVER = 'destination';

/** How a warehouse is, and who the user is there. Changes nothing. */
export async function examineDatabricks(place: DatabricksPlace): Promise<Symptom[]> {
  const { dataset, credentials } = place;
  try {
    const transport = await loadingSession(place, { folder: '' });
    try {
      const [facts = {}] = await transport.rows(fragment('select version() as version, current_user() as name'));
      const [found] = await transport.rows(databricksDialect.datasetExists(dataset));
      return [
        ok(SERVER, `${databricksLocation(credentials)}: version ${facts.version}, user ${facts.name}`),
        ok(
          'dataset',
          found === undefined ? `${dataset}: no schema yet, the first run makes it` : `${dataset} is there`,
        ),
      ];
    } finally {
      await transport.close();
    }
  } catch (error) {
    return [fail(SERVER, asPipelineError(error))];
  }
}
