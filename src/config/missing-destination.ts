import { PipelineError } from '../errors.ts';
import type { DestinationType } from './grammar/destination-schema.ts';

interface Form {
  /** What stands in the one variable. */
  readonly whole: string;
  /** Variables of the parts, after that name. */
  readonly parts: readonly string[];
  /** The part without which nothing is known, where others may do without. */
  readonly least?: string;
}

/** How each kind that is a server is told where it is. */
const forms: { readonly [Type in DestinationType]?: Form } = {
  postgres: {
    whole: 'a connection string, `postgresql://USER:PASSWORD@HOST:5432/DATABASE`',
    parts: ['HOST', 'DATABASE', 'USERNAME', 'PASSWORD'],
  },
  redshift: {
    whole: 'a connection string, `redshift://USER:PASSWORD@HOST:5439/DATABASE`',
    parts: ['HOST', 'DATABASE', 'USERNAME', 'PASSWORD'],
  },
  snowflake: {
    whole: 'a connection string, `snowflake://USER:PASSWORD@ACCOUNT/DATABASE?warehouse=WAREHOUSE&role=ROLE`',
    parts: ['HOST', 'DATABASE', 'USERNAME', 'PASSWORD', 'WAREHOUSE'],
  },
  databricks: {
    whole: 'a connection string, `databricks://token:ACCESS_TOKEN@HOST?http_path=PATH&catalog=CATALOG`',
    parts: ['SERVER_HOSTNAME', 'HTTP_PATH', 'CATALOG', 'ACCESS_TOKEN'],
  },
  bigquery: {
    whole: 'the JSON of the key file of a service account',
    parts: ['PROJECT_ID', 'CLIENT_EMAIL', 'PRIVATE_KEY'],
    least: 'project_id',
  },
};

/** The error of credentials that are nowhere, with the form in which this kind of destination takes them. */
export function missingDestination(type: DestinationType, error: PipelineError): PipelineError {
  const form = forms[type];
  if (form === undefined) return error;
  const variable = `DESTINATION__${type.toUpperCase()}__CREDENTIALS`;
  const {
    whole,
    parts: [first = '', ...others],
    least,
  } = form;
  const parts = [`\`${variable}__${first}\``, ...others.map((name) => `\`__${name}\``)].join(', ');
  const alone =
    least === undefined ? '' : ` With application default credentials \`${variable}__${first}\` is all that it takes.`;
  return new PipelineError({
    code: error.code,
    message: least === undefined ? error.message : `The destination's \`${least}\` is not known. ${error.message}`,
    hint: `Set \`${variable}\` to ${whole}, or its parts, ${parts}: in the environment or \`.env\`, or by their names in secrets.yaml.${alone} docs/${type}.md tells more.`,
    facts: error.facts,
  });
}
