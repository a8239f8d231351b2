/**
 * The Firefox that stands beside Chromium in some tests, and how it is started. Knows how to find or install it; does not know
 * what is done with it.
 */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { exclusively } from '../chromium/exclusive.ts'
import { installWithApt, mayUseApt, type Report } from '../process/apt.ts'

/** There is no Firefox here and none could be installed; the message says what to do. */
export class FirefoxMissing extends Error {
  readonly code = 'firefox-missing'
  override readonly name = 'FirefoxMissing'
}

/** Addresses are offered plainly instead of by a name that only multicast resolves; loopback counts as an address. */
export const firefoxPreferences: Readonly<Record<string, boolean>> = {
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.peerconnection.ice.loopback': true,
}

const namesOnPath = ['firefox-esr', 'firefox']
const otherPlaces = ['/Applications/Firefox.app/Contents/MacOS/firefox']

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** FIREFOX_PATH if it is set, else the first on the PATH; undefined when there is none. */
export function findFirefox(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const wanted = environment['FIREFOX_PATH'] ?? ''
  if (wanted !== '') {
    if (isProgram(wanted)) return wanted
    throw new FirefoxMissing(
      `FIREFOX_PATH is "${wanted}", which is no program. Correct or unset it.`,
    )
  }
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((path) => path !== '')
  const onPath = folders.flatMap((folder) => namesOnPath.map((name) => join(folder, name)))
  return [...onPath, ...otherPlaces].find(isProgram)
}

const toStandardError: Report = (line) => void process.stderr.write(`${line}\n`)

/** The path of a Firefox, installed now if there is none. Rejects with `FirefoxMissing`. */
export async function findOrInstallFirefox(report: Report = toStandardError): Promise<string> {
  const found = findFirefox()
  if (found !== undefined) return found
  return await exclusively('firefox-install', async () => {
    // Whoever waited here looks first: the one before has just installed it.
    const present = findFirefox()
    if (present !== undefined) return present
    if (mayUseApt() && (await installWithApt('firefox-esr', 'firefox', report))) {
      const installed = findFirefox()
      if (installed !== undefined) return installed
    }
    throw new FirefoxMissing(
      'No Firefox was found and none could be installed. Install one (Debian: `apt-get install firefox-esr`), or set FIREFOX_PATH.',
    )
  })
}
