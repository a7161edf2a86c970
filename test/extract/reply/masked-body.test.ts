import { expect, it } from 'vitest';
import { Secret } from '../../../src/config/secret.ts';
import { SecretMask } from '../../../src/extract/http/secret-mask.ts';
import { maskedBody } from '../../../src/extract/reply/masked-body.ts';

it.each([
  ['as it is', '{"key":"KEY-0123456789"}', '{"key":"***"}'],
  ['in escapes', String.raw`{"key":"\u004bEY-0123456789"}`, '{"key":"***"}'],
  ['as a number', '{"pin":73519284}', '{"pin":"***"}'],
  ['not at all', '{"key":"other"}', '{"key":"other"}'],
])('a body that holds a secret %s is kept without it', (_, body, masked) => {
  const secrets = ['KEY-0123456789', '73519284'].map((value) => Secret.found('key', value, 'a test'));
  const mask = new SecretMask(secrets, { count() {} });
  expect(maskedBody(Buffer.from(body), mask).toString()).toBe(masked);
});

it('bytes around a secret in what is no text stay as they are', () => {
  const mask = new SecretMask([Secret.found('key', 'KEY-0123456789', 'a test')], { count() {} });
  const bytes = Buffer.concat([Buffer.from([0xff, 0xd8, 0]), Buffer.from('KEY-0123456789'), Buffer.from([0xfe, 0x80])]);
  expect(maskedBody(bytes, mask)).toEqual(
    Buffer.concat([Buffer.from([0xff, 0xd8, 0]), Buffer.from('***'), Buffer.from([0xfe, 0x80])]),
  );
});
