/**
 * What is checked, in order of cost: the list to extend. Knows commands and what they report; does not run them.
 */
import type { Reading } from './tally.ts'

/** One command of a stage. */
export interface Check {
  readonly name: string
  /** The package in the workspace's node_modules that brings the program, and the name of its binary. */
  readonly program: readonly [library: string, binary: string]
  readonly parameters: readonly string[]
  /** How its result is read. For vitest and Playwright the runner asks for the report by itself. */
  readonly reading: Reading
  /** Beside what every check gets. */
  readonly environment?: Readonly<Record<string, string>>
}

export interface Stage {
  readonly name: string
  /** For --help. */
  readonly about: string
  /** The stage starts a browser: it is found or installed before, once, and named in CHROMIUM_PATH. */
  readonly browser: boolean
  /** Lanes run side by side, the checks of a lane one after the other. */
  readonly lanes: readonly (readonly Check[])[]
  /** Each check is ended after this; far beyond what a slow machine needs, so that only a hang meets it. */
  readonly limitMinutes: number
}

function byExitCode(name: string, library: string, ...parameters: readonly string[]): Check {
  return { name, program: [library, name], parameters, reading: 'exit' }
}

/** A script of ours that judges something and ends with 1 if it is not right. */
function script(name: string, ...words: readonly string[]): Check {
  return { name, program: ['tsx', 'tsx'], parameters: words, reading: 'exit' }
}

function vitest(project: string): Check {
  return {
    name: project,
    program: ['vitest', 'vitest'],
    parameters: ['run', '--project', project],
    reading: 'vitest',
  }
}

export const stages: readonly Stage[] = [
  {
    name: 'static',
    about:
      'format, lint, arrows between packages, types, tidiness, the reference, what is published',
    browser: false,
    limitMinutes: 15,
    lanes: [
      // It has one core only, and takes as long on it as all the others together.
      [byExitCode('eslint', 'eslint', '.', '--max-warnings', '0')],
      [
        byExitCode('prettier', 'prettier', '--check', '--log-level', 'warn', '.'),
        byExitCode('tsc', 'typescript', '-b'),
        byExitCode(
          'depcruise',
          'dependency-cruiser',
          ...['packages', 'e2e', 'tools', '--config', '.dependency-cruiser.cjs'],
        ),
        vitest('tidy'),
        // Both read what tsc has built.
        script('api', 'tools/docs/api.ts', '--check'),
        script('publint', 'tools/pack/publint.ts'),
      ],
    ],
  },
  {
    name: 'unit',
    about: 'the packages in Node',
    browser: false,
    limitMinutes: 20,
    lanes: [[vitest('unit')]],
  },
  {
    name: 'sim',
    about: 'whole groups in a deterministic world, by seed and by scenario',
    browser: false,
    limitMinutes: 20,
    lanes: [[vitest('sim')]],
  },
  {
    name: 'browser',
    about: 'storage, locks and links in a real Chromium',
    browser: true,
    limitMinutes: 20,
    lanes: [[vitest('browser')]],
  },
  {
    name: 'e2e',
    about: 'several tabs and browsers, as a person would use them',
    browser: true,
    limitMinutes: 45,
    lanes: [
      [
        {
          name: 'playwright',
          program: ['@playwright/test', 'playwright'],
          parameters: ['test', '-c', 'e2e'],
          reading: 'playwright',
          // The tests are listed in a process of its own, which reads our packages from their sources as the workers do.
          environment: { NODE_OPTIONS: '--conditions=@unanimous/source' },
        },
      ],
    ],
  },
]
