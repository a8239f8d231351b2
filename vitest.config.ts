/**
 * How the tests of this workspace run: four projects, each package read from its sources. Knows where tests lie; which
 * of them a run needs is for `tools/test` to say.
 */
import { playwright } from '@vitest/browser-playwright'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { defaultClientConditions, defaultServerConditions } from 'vite'
import { defineConfig } from 'vitest/config'
import type { TestSpecification } from 'vitest/node'
import { BaseSequencer } from 'vitest/node'
import { contextPermissions, findChromium, launchOptions } from './tools/chromium/chromium.ts'

const source = '@unanimous/source'
const browserTests = '**/*.browser.test.ts'

/** A signaling server for the browser tests that need one. */
const signalingSetup = resolve('packages/webrtc-transport/test/signaling.setup.ts')

// Looked for, never installed, here: a run of the unit tests must not wait for a browser.
const chromium = findChromium()

/** Minutes each: the other cores would wait for one of them that begins last. */
const long = ['scenarios', 'controls', 'comparisons', 'graphs', 'fuzz']

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean =>
      long.some((name) => moduleId.endsWith(`/${name}.test.ts`))
    const sorted = await super.sort(files)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

export default defineConfig({
  resolve: { conditions: [source, ...defaultClientConditions] },
  ssr: { resolve: { conditions: [source, ...defaultServerConditions] } },
  test: {
    // The order is printed as a seed; a test that depends on another one shows itself.
    sequence: { shuffle: { tests: true }, sequencer: LongestFirst },
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // Whoever runs the tests waits for them, so no core is left idle: some of them wait for a clock.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/*/{src,cli}/**/*.test.ts', 'tools/**/*.test.ts'],
          exclude: [browserTests, 'tools/tidy/**', '**/node_modules/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'sim',
          include: ['packages/simulator/test/**/*.test.ts'],
          // Bindings between native modules cost nothing, and worlds spend their time in them: a quarter less of it in all.
          execArgv: ['--import', 'tsx', `--conditions=${source}`],
          server: { deps: { external: [/\/packages\/[^/]+\/(src|cli)\//] } },
        },
      },
      {
        extends: true,
        test: { name: 'tidy', include: ['tools/tidy/**/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: [`packages/*/src/${browserTests}`],
          globalSetup: existsSync(signalingSetup) ? [signalingSetup] : [],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            instances: [{ browser: 'chromium' }],
            provider: playwright({
              launchOptions: chromium === undefined ? {} : launchOptions(chromium),
              contextOptions: { permissions: contextPermissions },
            }),
          },
        },
      },
    ],
  },
})
