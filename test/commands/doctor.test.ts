import { expect, test } from 'vitest';
import { smallProject } from '../support/project.ts';

test.each([
  [
    'library',
    { type: 'filesystem', bucket_url: 's3://b/f', credentials: { aws_access_key_id: 'a' } },
    /needs the package/,
  ],
  ['secret', 'postgres', /secret `credentials` was not found/],
])('doctor tells of a %s that is missing once', async (_, destination, message) => {
  const project = await smallProject('http://127.0.0.1:9', { resources: [{ name: 't' }], pipeline: { destination } });
  const { code, stdout } = await project.run(['doctor', '--format', 'json']);
  expect(code).toBe(2);
  const { symptoms } = JSON.parse(stdout);
  const failed = symptoms.filter(({ level }: { level: string }) => level === 'fail');
  expect(failed).toEqual([expect.objectContaining({ message: expect.stringMatching(message) })]);
});
