/** How the tests with real tabs run: two files at a time, never repeated, since a test that fails now and then is a bug. */
import { defineConfig } from '@playwright/test'

// The worker that runs the tests starts signaling servers in its own process, and reads their sources.
process.env['NODE_OPTIONS'] = [process.env['NODE_OPTIONS'], '--conditions=@unanimous/source']
  .filter((option) => option !== undefined)
  .join(' ')

export default defineConfig({
  testDir: '.',
  testMatch: '*.test.ts',
  outputDir: 'test-results',
  workers: 2,
  retries: 0,
  forbidOnly: true,
  // What is awaited is an event; these end only a test whose event never comes.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
  // The pages show nothing: what they say is attached by the fixture.
  use: { trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false } },
})
