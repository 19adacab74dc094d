import { describe, expect, test } from '@jest/globals';
import { manifest } from '../sandbox/runner.ts';
import { inputRules, type Rule } from '../src/inputs/inputs.ts';
import { outputsOf } from '../src/report/outputs.ts';

describe('action.yml', () => {
  const rules = Object.entries<Rule<unknown>>(inputRules);

  test('has the inputs of the rules, in their order', () => {
    expect(Object.keys(manifest.inputs)).toEqual(rules.map(([name]) => name));
  });

  test('has the defaults of the rules', () => {
    const declared = Object.entries(manifest.inputs).map(([name, input]) => [name, input.default]);
    const defaults = rules.map(([name, { byDefault }]) => [name, byDefault]);
    // Only the runner can fill this one in.
    const token = ['github-token', '${{ github.token }}'];
    expect(declared).toEqual(defaults.map((pair) => (pair[0] === 'github-token' ? token : pair)));
  });

  test('names every allowed value of a choice', () => {
    const choices = rules.flatMap(
      ([name, rule]) => rule.choices?.map((value) => [name, value]) ?? [],
    );
    expect(choices).toContainEqual(['match', 'all']);
    for (const [name = '', value] of choices)
      expect(manifest.inputs[name]?.description).toContain(value);
  });

  test('requires nothing, since the rules say what is needed when', () => {
    for (const input of Object.values(manifest.inputs))
      expect(input).not.toHaveProperty('required');
  });

  test('has the outputs of the list, in its order', () => {
    expect(Object.keys(manifest.outputs)).toEqual(Object.keys(outputsOf({})));
  });

  test('runs the committed bundle on Node 24', () => {
    expect(manifest.runs).toEqual({ using: 'node24', main: 'dist/index.js' });
  });
});
