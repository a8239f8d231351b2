/**
 * The one Chromium that every test, the demo and the benchmarks start, and how they start it. Knows how to find or fetch
 * it; does not know what is done with it.
 */
import { ChromiumMissing } from './chromium-missing.ts'
import { exclusively } from './exclusive.ts'
import { installWithApt, mayUseApt, type Report } from '../process/apt.ts'
import { downloadWithPlaywright } from './install.ts'
import { findChromium } from './search.ts'

export { ChromiumMissing } from './chromium-missing.ts'
export type { Report } from '../process/apt.ts'
export { findChromium } from './search.ts'

/**
 * Nothing here leaves the machine or asks a question. `--allow-loopback-in-peer-connection` together with the microphone
 * permission makes WebRTC offer plain 127.0.0.1, with no multicast; without the permission there is no candidate at all
 * where loopback is the only interface.
 */
export const chromiumArguments: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--allow-loopback-in-peer-connection',
]

/** For Playwright's context options: `permissions`. Nothing ever records. */
export const contextPermissions: string[] = ['microphone']

/** What Playwright's `launch` takes. */
export interface LaunchOptions {
  executablePath: string
  headless: boolean
  args: string[]
}

/** `headless` is true unless said otherwise: a window is for a person who watches. */
export function launchOptions(executablePath: string, headless = true): LaunchOptions {
  const args = headless ? ['--headless=new', ...chromiumArguments] : [...chromiumArguments]
  return { executablePath, headless, args }
}

function toStandardError(line: string): void {
  process.stderr.write(`${line}\n`)
}

async function install(report: Report): Promise<string> {
  if (await downloadWithPlaywright(report)) {
    const downloaded = findChromium()
    if (downloaded !== undefined) return downloaded
    report('chromium: the downloaded browser does not start; libraries of the system are missing')
  }
  if (mayUseApt() && (await installWithApt('chromium', 'chromium', report))) {
    const installed = findChromium()
    if (installed !== undefined) return installed
  }
  throw new ChromiumMissing(
    'No Chromium was found and none could be installed. Install one (Debian or Ubuntu: `apt-get install chromium`; elsewhere: ' +
      'Google Chrome, or `npx playwright install --with-deps chromium`), or set CHROMIUM_PATH to the program.',
  )
}

/**
 * The path of a Chromium that starts: CHROMIUM_PATH if set, else Playwright's own, else the system's, else one that is
 * installed now. Several processes may call this at once: one installs, the others wait and use the result.
 * Rejects with `ChromiumMissing`.
 */
export async function findOrInstallChromium(report: Report = toStandardError): Promise<string> {
  const found = findChromium()
  if (found !== undefined) return found
  return await exclusively(
    'chromium-install',
    // Whoever waited here looks first: the one before has just installed it.
    async () => findChromium() ?? (await install(report)),
    () => {
      report('chromium: another process is installing it; waiting')
    },
  )
}
