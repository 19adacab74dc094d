import { describe, expect, test } from '@jest/globals';
import { differingFields } from '../../src/cryptlex/release.ts';

describe('differingFields', () => {
  const current = {
    id: 'a',
    version: '1.2',
    notes: 'One\r\nTwo\r\n',
    platforms: ['a', 'b'],
    name: null,
    private: false,
  };
  test.each([
    [{ notes: 'One\nTwo' }, []],
    [{ notes: 'One Two' }, ['notes']],
    [{ notes: '\n \nOne\nTwo\n\n' }, []],
    // Four spaces make code of the first line.
    [{ notes: '    One\nTwo' }, ['notes']],
    [{ platforms: ['b', 'a'] }, []],
    [{ platforms: ['a', 'b', 'b'] }, []],
    [{ platforms: ['a'] }, ['platforms']],
    [{ name: 'x' }, ['name']],
    [{ private: false }, []],
    [{ private: true, version: '1.2.0' }, ['version', 'private']],
  ])('%j: %j', (wanted, fields) => {
    expect(differingFields(wanted, current)).toEqual(fields);
  });
  test('null notes are empty notes', () => {
    expect(differingFields({ notes: '' }, { ...current, notes: null })).toEqual([]);
  });
});
