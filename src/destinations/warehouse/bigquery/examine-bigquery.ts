import { asPipelineError } from '../../../errors.ts';
import { fail, ok, type Symptom } from '../../../report/doctor-text.ts';
import { type BigqueryPlace, bigqueryClient } from './bigquery-client.ts';
import { bigqueryDialect } from './bigquery-dialect.ts';
import { BigqueryJobs, told } from './bigquery-jobs.ts';
import { bigqueryLocation } from './bigquery-location.ts';

const SERVER = 'destination';

/** Whether jobs run, and what is there. Changes nothing. */
export async function examineBigquery(place: BigqueryPlace): Promise<Symptom[]> {
  const { credentials, region, dataset, endpoint } = place;
  const location = bigqueryLocation(credentials);
  try {
    const jobs = new BigqueryJobs(await bigqueryClient(place), location, dataset);
    const { sql, values } = bigqueryDialect(region).datasetExists(dataset);
    const { rows } = await told(location, () => jobs.rows(sql, values));
    const who = credentials.client_email ?? 'application default credentials';
    const where = endpoint === undefined ? `location ${region}` : `location ${region}, ${endpoint}`;
    return [
      ok(SERVER, `${location}: BigQuery, ${where}, ${who}`),
      ok('dataset', rows.length > 0 ? `${dataset} is there` : `${dataset}: not there yet, the first run makes it`),
    ];
  } catch (error) {
    return [fail(SERVER, asPipelineError(error))];
  }
}
