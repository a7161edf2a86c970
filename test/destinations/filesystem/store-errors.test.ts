import { expect, test } from 'vitest';
import { bucketError } from '../../../src/destinations/filesystem/store-errors.ts';
import { bucketPlace } from '../../../src/destinations/filesystem/stores/bucket-place.ts';

const place = bucketPlace('s3://models/night', 'shop');

/** As the libraries of AWS, Google and Azure throw it. */
const thrown = {
  aws: (name: string, httpStatusCode: number) =>
    Object.assign(new Error('It says why.'), { name, $metadata: { httpStatusCode } }),
  google: (code: number, message: string) => Object.assign(new Error(message), { code }),
  azure: (code: string, statusCode: number) =>
    Object.assign(new Error('It says why.\nRequestId:0\nTime:0'), { name: 'RestError', code, statusCode }),
};

test.each([
  ['a bucket that is not there', thrown.aws('NoSuchBucket', 404)],
  ['a bucket that is not there', thrown.google(404, 'The specified bucket does not exist.')],
  ['a container that is not there', thrown.azure('ContainerNotFound', 404)],
])('%s is to be corrected in the configuration: exit 2', (_, error) => {
  expect(bucketError(error, place)).toMatchObject({
    code: 'ConfigInvalid',
    exitCode: 2,
    message: 'There is no bucket `models` (s3://models/night/shop).',
  });
});

test.each([
  ['an unknown key', thrown.aws('InvalidAccessKeyId', 403)],
  ['a wrong secret', thrown.aws('SignatureDoesNotMatch', 403)],
  ['no key at all', thrown.aws('CredentialsProviderError', 0)],
  ['a wrong key of an account', thrown.azure('AuthenticationFailed', 403)],
  ['a service account that is gone', thrown.google(400, 'invalid_grant: Invalid JWT Signature.')],
  ['nobody', thrown.google(401, 'Anonymous caller does not have storage.objects.list access.')],
])('%s is not let in: exit 2', (_, error) => {
  expect(bucketError(error, place)).toMatchObject({
    code: 'ConfigInvalid',
    exitCode: 2,
    message: expect.stringMatching(/^s3:\/\/models\/night\/shop does not let these credentials in: /),
  });
});

test.each([
  [
    'who may not write',
    thrown.aws('AccessDenied', 403),
    /^s3:\S+ does not allow this: It says why\. \(AccessDenied\)$/,
  ],
  ['who may not write', thrown.azure('AuthorizationPermissionMismatch', 403), /does not allow this: /],
  ['a session that has ended', thrown.aws('ExpiredToken', 400), /could not be reached, or did not do what was asked/],
  [
    'too many requests',
    thrown.aws('SlowDown', 503),
    /could not be reached, or did not do what was asked: .+\(SlowDown\)$/,
  ],
  ['an upload that somebody removed', thrown.aws('NoSuchUpload', 404), /could not be reached, or did not do/],
  [
    'a port where nobody listens',
    Object.assign(new AggregateError([new Error('connect ECONNREFUSED ::1:9')], ''), { code: 'ECONNREFUSED' }),
    /connect ECONNREFUSED ::1:9$/,
  ],
])('%s may pass: exit 6', (_, error, message) => {
  expect(bucketError(error, place)).toMatchObject({
    code: 'DestinationFailed',
    exitCode: 6,
    message: expect.stringMatching(message),
  });
});

test('whether anything was extracted it does not know, and does not say', () => {
  for (const error of [thrown.aws('NoSuchBucket', 404), thrown.aws('AccessDenied', 403), thrown.aws('SlowDown', 503)])
    expect(bucketError(error, place).hint).not.toMatch(/kept|package|extracted/);
});
