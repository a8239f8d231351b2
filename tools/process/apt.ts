/** Installs one of Debian's packages where that needs no question. Knows apt; does not know what the package is for. */
import { accessSync, constants, readFileSync } from 'node:fs'
import { runCommand, whyNot } from './run-command.ts'

/** Says in one line what is going on, for a person who waits. */
export type Report = (line: string) => void

const aptLimitMs = 900_000

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

/** True if it worked. `what` begins each line of the report. */
export async function installWithApt(
  packageName: string,
  what: string,
  report: Report,
): Promise<boolean> {
  const options = {
    limitMs: aptLimitMs,
    environment: { DEBIAN_FRONTEND: 'noninteractive' },
  }
  for (const step of [['update'], ['install', '-y', packageName]]) {
    report(`${what}: apt-get ${step.join(' ')}`)
    const finished = await runCommand(
      'apt-get',
      // Someone else's dpkg is waited for, not fought with.
      ['-o', 'DPkg::Lock::Timeout=300', ...step],
      options,
    )
    if (finished.code !== 0) {
      report(`${what}: apt-get ${step.join(' ')} did not work (${whyNot(finished)})`)
      return false
    }
  }
  return true
}
