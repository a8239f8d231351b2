import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { candidates, findChromium, type Machine } from './search.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unanimous-search-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** A program that ends with `code` whatever it is asked. */
function program(path: string, code = 0): string {
  const full = join(folder, path)
  mkdirSync(dirname(full), { recursive: true })
  writeFileSync(full, `#!/bin/sh\nexit ${String(code)}\n`)
  chmodSync(full, 0o755)
  return full
}

function machine(fields: Partial<Machine> = {}): Machine {
  return {
    environment: { PATH: [join(folder, 'first'), join(folder, 'second')].join(delimiter) },
    playwrightBrowser: join(folder, 'playwright/chrome'),
    otherPlaces: [],
    ...fields,
  }
}

test('a machine without any has none', () => {
  expect(findChromium(machine())).toBeUndefined()
})

test("Playwright's own comes first, then the names on the PATH, then the other places", () => {
  const other = program('applications/Chrome')
  const google = program('first/google-chrome')
  const chromium = program('second/chromium')
  const own = program('playwright/chrome')
  expect(candidates(machine({ otherPlaces: [other] }))).toEqual([own, chromium, google, other])
})

test('CHROMIUM_PATH wins over everything', () => {
  program('playwright/chrome')
  const wanted = program('mine/browser')
  expect(findChromium(machine({ environment: { CHROMIUM_PATH: wanted } }))).toBe(wanted)
})

test('CHROMIUM_PATH that names no program is an error, never a fallback', () => {
  program('playwright/chrome')
  const environment = { CHROMIUM_PATH: join(folder, 'missing') }
  expect(() => findChromium(machine({ environment }))).toThrow(
    expect.objectContaining({ code: 'chromium-missing' }),
  )
})

test('a folder or a plain file is no program', () => {
  mkdirSync(join(folder, 'first/chromium'), { recursive: true })
  mkdirSync(join(folder, 'second'))
  writeFileSync(join(folder, 'second/chromium'), 'text')
  expect(candidates(machine())).toEqual([])
})

test('a program that does not start is passed over', () => {
  program('playwright/chrome', 127)
  const chromium = program('first/chromium')
  expect(findChromium(machine())).toBe(chromium)
})
