/** Brings Playwright's own Chromium to a machine that has none. Does not know where the result will be found. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Report } from '../process/apt.ts'
import { runCommand, whyNot } from '../process/run-command.ts'

/** 180 MB over a slow line; a network that is closed fails in seconds. */
const downloadLimitMs = 600_000
/** Playwright tries several hosts several times; one that does not answer must not use up the limit. */
const connectLimitMs = 10_000

/** True if it worked. */
export async function downloadWithPlaywright(report: Report): Promise<boolean> {
  report('chromium: none found; asking Playwright to download its own')
  const folder = dirname(createRequire(import.meta.url).resolve('@playwright/test/package.json'))
  const finished = await runCommand(
    process.execPath,
    [join(folder, 'cli.js'), 'install', '--no-shell', 'chromium'],
    {
      limitMs: downloadLimitMs,
      environment: { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: String(connectLimitMs) },
    },
  )
  if (finished.code === 0) return true
  report(`chromium: the download did not work (${whyNot(finished)})`)
  return false
}
