/** Where a Chromium may lie on this machine. Looks, never installs. */
import { chromium } from '@playwright/test'
import { spawnSync } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { ChromiumMissing } from './chromium-missing.ts'

/** What the search depends on, so that a test can lay out a machine of its own. */
export interface Machine {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Where Playwright keeps the browser that it downloads, whether or not it is there. */
  readonly playwrightBrowser: string
  /** Places where installers of other systems put it, off the PATH. */
  readonly otherPlaces: readonly string[]
}

const namesOnPath = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

export function thisMachine(): Machine {
  const programFiles = process.env['PROGRAMFILES'] ?? 'C:\\Program Files'
  const others: Partial<Record<NodeJS.Platform, readonly string[]>> = {
    darwin: [
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    win32: [join(programFiles, 'Google', 'Chrome', 'Application', 'chrome.exe')],
  }
  return {
    environment: process.env,
    playwrightBrowser: chromium.executablePath(),
    otherPlaces: others[process.platform] ?? [],
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** Programs that may be a Chromium, the best first. An empty CHROMIUM_PATH counts as none. */
export function candidates(machine: Machine): readonly string[] {
  const folders = (machine.environment['PATH'] ?? '').split(delimiter).filter((path) => path !== '')
  const onPath = namesOnPath.flatMap((name) => folders.map((folder) => join(folder, name)))
  return [machine.playwrightBrowser, ...onPath, ...machine.otherPlaces].filter(isProgram)
}

/** Ubuntu's `chromium-browser` may be a stub, and a downloaded browser may lack its libraries: only running it tells. */
function runs(path: string): boolean {
  if (process.platform === 'win32') return true // Chrome for Windows opens a window for --version
  return spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 60_000 }).status === 0
}

/**
 * The program to start, or undefined when there is none. Throws `ChromiumMissing` if CHROMIUM_PATH names something that is
 * not a program: whoever set it wants that one and no other.
 */
export function findChromium(machine: Machine = thisMachine()): string | undefined {
  const wanted = machine.environment['CHROMIUM_PATH'] ?? ''
  if (wanted === '') return candidates(machine).find(runs)
  if (isProgram(wanted)) return wanted
  throw new ChromiumMissing(
    `CHROMIUM_PATH is "${wanted}", which is no program. Correct it, or unset it to let the search run.`,
  )
}
