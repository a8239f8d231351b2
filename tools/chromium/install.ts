/** Brings a Chromium to a machine that has none. Knows two sources; does not know where the result will be found. */
import { accessSync, constants, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { runCommand, type Finished } from '../process/run-command.ts'

/** Says in one line what is going on, for a person who waits. */
export type Report = (line: string) => void

/** 180 MB over a slow line; a network that is closed fails in seconds. */
const downloadLimitMs = 600_000
const aptLimitMs = 900_000
/** Playwright tries several hosts several times; one that does not answer must not use up the limit. */
const connectLimitMs = 10_000

/** The line of a failed program that says why: the last that speaks of an error, not the stack below it. */
function whyNot(finished: Finished): string {
  if (finished.timedOut) return 'it took too long'
  const lines = finished.output.split('\n').map((line) => line.trim())
  const telling = lines.findLast((line) => /\b(error|failed|unable|cannot)\b/i.test(line))
  return telling ?? lines.findLast((line) => line !== '') ?? 'it said nothing'
}

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

function isDebianLike(): boolean {
  try {
    accessSync('/usr/bin/apt-get', constants.X_OK)
    return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false
  }
}

/** Only root may install packages; asking for a password is not for a test run to do. */
export function mayUseApt(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && isDebianLike()
}

/** True if it worked. */
export async function installWithApt(report: Report): Promise<boolean> {
  const options = {
    limitMs: aptLimitMs,
    environment: { DEBIAN_FRONTEND: 'noninteractive' },
  }
  for (const step of [['update'], ['install', '-y', 'chromium']]) {
    report(`chromium: apt-get ${step.join(' ')}`)
    const finished = await runCommand(
      'apt-get',
      // Someone else's dpkg is waited for, not fought with.
      ['-o', 'DPkg::Lock::Timeout=300', ...step],
      options,
    )
    if (finished.code !== 0) {
      report(`chromium: apt-get ${step.join(' ')} did not work (${whyNot(finished)})`)
      return false
    }
  }
  return true
}
