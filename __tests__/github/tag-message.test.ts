import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ownMessage } from '../../src/github/tag-message.ts';

describe('a message that says nothing', () => {
  test.each([
    ['v1.2', ''],
    ['v1.2', ' \n\n'],
    ['v1.2', 'v1.2'],
    ['v1.2', '1.2\n'],
    ['v1.2', 'Release 1.2.'],
    ['v1.2', 'Release: v1.2!'],
    ['1.2', 'Version 1.2'],
    ['1.2', 'V1.2'],
    ['1.2.3-rc.1', 'Tag 1.2.3-rc.1'],
    ['app/v1.2', 'Release app v1.2'],
    ['@scope/app@1.2.3', 'version 1.2.3'],
    ['v1.2', 'v1.2\n-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n'],
  ])('%s: %j', (tag, message) => {
    expect(ownMessage(message, tag)).toBeUndefined();
  });
});

describe('a message that says something', () => {
  test.each([
    ['v1.2', 'Release 1.3'],
    ['v1.2', 'Release 1.2: faster'],
    ['v1.2', 'v1.2\n\n- faster'],
    ['v1.2', 'Vista'],
  ])('%s: %j', (tag, message) => {
    expect(ownMessage(message, tag)).toBe(message);
  });
});

describe('trailers', () => {
  test.each([
    ['Faster\n\nSigned-off-by: A <a@example.com>', 'Faster'],
    ['Faster\n\nCo-authored-by: A <a@b.c>\nReviewed-by: B <b@c.d>\nChange-Id: I1\n', 'Faster'],
    ['Faster\n\nCo-Authored-By: A <a@b.c>\n\nCc: D <d@e.f>', 'Faster'],
    ['Faster\n\nStand-by: the lid opens later', 'Faster\n\nStand-by: the lid opens later'],
    ['Signed-off-by: A\n\nFaster', 'Signed-off-by: A\n\nFaster'],
  ])('of %j: %j is left', (message, left) => {
    expect(ownMessage(message, 'v1.2')).toBe(left);
  });
});

describe('a signature', () => {
  const block = '-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----';

  test.each([
    ['in the middle', `Sign so:\n${block}\nand send it`],
    ['without its end', 'Faster\n-----BEGIN PGP SIGNATURE-----\nAAAA'],
    ['without its beginning', 'Faster\n-----END PGP SIGNATURE-----'],
    ['of two kinds', 'Faster\n-----BEGIN SSH SIGNATURE-----\nA\n-----END PGP SIGNATURE-----'],
    ['indented', `Faster\n${block.replaceAll(/^/gm, '    ')}`],
    ['of another kind', 'Faster\n-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----'],
  ])('%s stays', (_, message) => {
    expect(ownMessage(message, 'v1.2')).toBe(message);
  });

  test('only the last one goes', () => {
    const message = `Sign so:\n${block}\n\nFaster`;
    expect(ownMessage(`${message}\n${block}\n`, 'v1.2')).toBe(message);
  });
});

test('the result is a part of the message, without space around it', () => {
  const line = fc.oneof(
    fc.constantFrom('-----BEGIN SSH SIGNATURE-----', '-----END SSH SIGNATURE-----', '', 'v1.2'),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const message = lines.join('\n').replaceAll('\r', '');
      const own = ownMessage(message, 'v1.2');
      if (own === undefined) return;
      expect(message).toContain(own);
      expect(own).toBe(own.trim());
    }),
  );
});
