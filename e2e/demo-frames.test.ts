/**
 * How much the demo asks of the main thread while seven tabs talk: measured and noted in the report, never judged, since a busy
 * machine says nothing about the page.
 */
import type { Browser, Page } from '@playwright/test'
import { expect, test } from './fixture/demo.ts'
import { isLongRun } from './fixture/long-run.ts'

const tabs = 7
const measuredMs = 4_000
const frameMs = 1000 / 60

interface Slice {
  readonly name: string
  readonly ph: string
  readonly ts: number
  readonly pid: number
  readonly tid: number
  /** Of the thread itself: what other programs take meanwhile is not in it. */
  readonly tdur?: number
  readonly args?: { readonly name?: string; readonly data?: { readonly url?: string } }
}

/** What ran on the page's main thread in each frame's time, in ms, smallest first. */
function workOfFrames(slices: readonly Slice[], mark: string): readonly number[] {
  const marked = slices.find(({ name }) => name === mark)
  if (marked === undefined) throw new Error('the trace does not hold the page’s mark')
  const tasks = slices.filter(
    ({ name, ph, pid, tid }) =>
      ph === 'X' && name === 'RunTask' && pid === marked.pid && tid === marked.tid,
  )
  const begin = Math.min(...tasks.map(({ ts }) => ts))
  const frames = Array.from({ length: Math.floor(measuredMs / frameMs) }, () => 0)
  for (const { ts, tdur = 0 } of tasks) {
    const at = Math.floor((ts - begin) / 1000 / frameMs)
    if (at < frames.length) frames[at] = (frames[at] ?? 0) + tdur / 1000
  }
  return frames.sort((a, b) => a - b)
}

const share = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0

async function traced(browser: Browser, page: Page): Promise<readonly Slice[]> {
  await browser.startTracing(page, {
    categories: ['blink.user_timing', 'disabled-by-default-devtools.timeline'],
  })
  await page.evaluate(() => performance.mark('unanimous measured page'))
  await page.waitForTimeout(measuredMs)
  const text = (await browser.stopTracing()).toString('utf8')
  return (JSON.parse(text) as { readonly traceEvents: readonly Slice[] }).traceEvents
}

/** A figure to look at, not a test of every day: the long test has time for it. */
if (isLongRun) {
  test('[DM13] with seven tabs the work of a frame on the main thread is measured', async ({
    visit,
    browser,
  }) => {
    const page = await visit()
    for (let other = 1; other < tabs; other += 1) await visit()
    await page.bringToFront()
    await page.locator('#ring').scrollIntoViewIfNeeded()
    await expect(page.locator('.ring-link[data-state="open"]')).toHaveCount(tabs - 1)
    await expect(page.locator('#pill')).toContainText('5 of 5 votes')

    const frames = workOfFrames(await traced(browser, page), 'unanimous measured page')
    expect(frames.length).toBeGreaterThan(100)
    const words = [0.5, 0.95, 0.99].map(
      (part) => `p${String(part * 100)} ${share(frames, part).toFixed(1)} ms`,
    )
    test.info().annotations.push({ type: 'main thread a frame', description: words.join(', ') })
    process.stdout.write(
      `main-thread work in ${frameMs.toFixed(1)} ms, ${String(tabs)} tabs: ${words.join(', ')}\n`,
    )
  })
}
