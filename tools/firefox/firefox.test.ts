import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findFirefox, FirefoxMissing } from './firefox.ts'

function folderWith(...names: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'unanimous-firefox-'))
  for (const name of names) {
    writeFileSync(join(folder, name), '')
    chmodSync(join(folder, name), 0o755)
  }
  return folder
}

test('the first Firefox on the PATH is found', () => {
  const empty = folderWith('chromium')
  const full = folderWith('firefox', 'firefox-esr')
  expect(findFirefox({ PATH: `${empty}:${full}` })).toBe(join(full, 'firefox-esr'))
})

test('FIREFOX_PATH comes first, and must be a program', () => {
  const wanted = join(folderWith('my-firefox'), 'my-firefox')
  expect(findFirefox({ PATH: folderWith('firefox'), FIREFOX_PATH: wanted })).toBe(wanted)
  expect(() => findFirefox({ FIREFOX_PATH: '/nowhere/firefox' })).toThrow(FirefoxMissing)
})
