import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

/** The folders that may not see time, chance or a promise. */
const pure = [
  'packages/core/src/{base,protocol,overlay,election,membership,replica,codec}/**/*.ts',
  'packages/signaling-protocol/src/**/*.ts',
  'packages/webrtc-transport/src/{backoff,framing,reassembly,outbox,room-view,link-{state,step,liveness,generation,signal}}.ts',
]

export default defineConfig(
  // Examples are projects of their own, with their own compiler.
  globalIgnores([
    'examples',
    '**/dist',
    '.tsbuild',
    '**/test-results',
    '**/playwright-report',
    '**/.cache',
  ]),
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, prettier],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: false, requireDefaultForNonUnion: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `void` marks a promise that is followed elsewhere; a shorthand that returns void is clear.
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
      // A switch over the messages has a branch for each of them.
      complexity: ['error', 20],
      'no-console': 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
    },
  },
  {
    files: pure,
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'Date', message: 'time arrives as an input' },
        { name: 'Promise', message: 'this room is synchronous' },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'use the rng in the state' },
      ],
      'no-restricted-syntax': [
        'error',
        'AwaitExpression',
        ':function[async=true]',
        'ForInStatement',
      ],
    },
  },
  {
    files: ['**/*.test.ts', 'e2e/**/*.ts', 'tools/**/*.ts', 'packages/*/cli/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'max-lines': ['error', 600],
      'no-console': 'off',
      // Playwright reads from the pattern which fixtures are needed: none must be written, too.
      'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }],
    },
  },
  {
    // Tools look for a default in their configuration, and a foreign library may have one.
    files: ['**/*.config.ts', '**/*.d.ts'],
    rules: { 'no-restricted-exports': 'off' },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', module: 'writable', URL: 'readonly' },
    },
  },
)
