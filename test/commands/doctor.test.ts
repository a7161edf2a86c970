import { expect, test } from 'vitest';
import { smallProject } from '../support/project.ts';

test.each([
  [
    'library',
    { type: 'filesystem', bucket_url: 's3://b/f', credentials: { aws_access_key_id: 'a' } },
    /needs the package/,
  ],
  ['secret', 'postgres', /secret `credentials` was not found/],
])('doctor tells of a %s that is missing once', async (what, destination, message) => {
  const project = await smallProject('http://127.0.0.1:9', { resources: [{ name: 't' }], pipeline: { destination } });
  const { code, stdout } = await project.run(['doctor', '--format', 'json']);
  expect(code).toBe(2);
  const { symptoms } = JSON.parse(stdout);
  const failed = symptoms.filter(({ level }: { level: string }) => level === 'fail');
  const subject = what === 'secret' ? 'secrets' : 'destination';
  expect(failed).toEqual([expect.objectContaining({ subject, message: expect.stringMatching(message) })]);
});

test('doctor tells each problem of a configuration in a line of its own', async () => {
  const project = await smallProject('http://127.0.0.1:9', {
    resources: [
      { name: 't', sort: 1 },
      { name: 'u', order: 2 },
    ],
  });
  const { code, stdout } = await project.run(['doctor']);
  expect(code).toBe(2);
  expect(stdout).toMatch(
    /^ {2}fail {2}configuration {2}The configuration pipeline\.config\.yaml has 2 problems:\n +\S+ .*unknown key.*\n +\S+ .*unknown key.*\n +→ /m,
  );
});

test('doctor does not send anybody to doctor', async () => {
  const destination = 'postgres';
  const project = await smallProject('http://127.0.0.1:9', { resources: [{ name: 't' }], pipeline: { destination } });
  const env = { DESTINATION__POSTGRES__CREDENTIALS: 'postgresql://u:p@127.0.0.1:9/d?sslmode=disable' };
  const { stdout } = await project.run(['doctor'], env);
  expect(stdout).toMatch(/fail {2}destination .*127\.0\.0\.1:9/);
  expect(stdout).not.toContain('dezgo-elt doctor');
});
