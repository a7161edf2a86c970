/** An example of the secrets file for these keys, of which nothing is known but their names. */
export function secretsExample(source: string, keys: readonly string[]): string {
  const section = source.toUpperCase();
  const [first = 'api_key'] = keys;
  const body =
    keys.length === 0
      ? `# The configuration names no secret. One of the source would stand like this:\n# sources:\n#   ${source}:\n#     api_key: <set me up!>\n`
      : `sources:\n  ${source}:\n${keys.map((key) => `    ${key}: <set me up!>\n`).join('')}`;
  return `# Copy to secrets.yaml beside the configuration and put your own values in; git ignores secrets.yaml.
# The environment wins over that file: SOURCES__${section}__${first.toUpperCase()}.
# Other users must not read it: chmod 600 secrets.yaml.
${body}`;
}
