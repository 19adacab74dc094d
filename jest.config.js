/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }],
    'workflow-parser/.+-schema\\.js$': '<rootDir>/scripts/json-imports.mjs',
  },
  transformIgnorePatterns: ['/node_modules/(?!@actions/workflow-parser/)'],
  // One more than by default, since most of the time goes by in waiting for steps and faults.
  maxWorkers: '100%',
  // A machine that others use, too, is slow at times.
  testTimeout: 60_000,
  modulePathIgnorePatterns: ['<rootDir>/build/', '<rootDir>/dist/'],
};
