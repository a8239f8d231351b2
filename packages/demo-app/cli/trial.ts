/**
 * Three tabs and no people: opens pages in one headless Chromium, waits until they vote, lets each propose, waits until
 * they agree. Knows the page by its door only; prints nothing itself.
 */
import { chromium } from '@playwright/test'
import type { BrowserContext, Page } from '@playwright/test'
import { contextPermissions, findOrInstallChromium, launchOptions } from '@unanimous/tools/chromium'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import '../src/door.ts'
import type { Load } from '../src/load.ts'
import { lookOf } from '../src/names.ts'
import { DemoError } from './demo-error.ts'
import type { TabResult, Trial } from './summary.ts'

/** Generous: a machine may stand still for many seconds, and a wrong alarm is worse than a late one. */
const loadLimitMs = 60_000
const votersLimitMs = 180_000
const agreeLimitMs = 120_000
const proposalLimitMs = 60
const pollMs = 100

/** The group's own target; more tabs are standbys. */
const votersMax = 5

export interface TrialOptions {
  readonly page: string
  readonly tabs: number
  readonly proposals: number
  readonly report: (line: string) => void
  readonly abort: AbortSignal
}

/** Rejects with `DemoError` when the tabs do not get that far; what they decided is for the caller to judge. */
export async function runTrial(options: TrialOptions): Promise<Trial> {
  const { report, abort } = options
  const executable = await findOrInstallChromium(report)
  const profile = await mkdtemp(join(tmpdir(), 'unanimous-demo-'))
  try {
    abort.throwIfAborted()
    // A profile of its own on the disk, not a private window: those keep their stores in memory and would flatter us.
    const context = await chromium.launchPersistentContext(profile, {
      ...launchOptions(executable),
      permissions: contextPermissions,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    })
    const close = (): void => void context.close()
    abort.addEventListener('abort', close)
    try {
      return await conduct(context, options)
    } finally {
      abort.removeEventListener('abort', close)
      await context.close()
    }
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function conduct(context: BrowserContext, options: TrialOptions): Promise<Trial> {
  const { tabs, proposals, report } = options
  report(`opening ${tabs} ${tabs === 1 ? 'tab' : 'tabs'}`)
  const pages = await openPages(context, options)
  await until(votersLimitMs, report, () => missingVoters(pages))
  report(`${tabs * proposals} proposals, ${proposals} a tab`)
  const startedAt = performance.now()
  const loads = await within(
    loadLimitMs + tabs * proposals * proposalLimitMs,
    Promise.all(pages.map((page) => page.evaluate(proposeInPage, proposals))),
  )
  const elapsedMs = performance.now() - startedAt
  let ends = await Promise.all(pages.map(lookAtEnd))
  await until(agreeLimitMs, report, async () => {
    ends = await Promise.all(pages.map(lookAtEnd))
    return disagreement(ends)
  }).catch((error: unknown) => {
    // Disagreement is a result, and the worst of all: it is the summary that says so.
    if (!(error instanceof DemoError)) throw error
    report(error.message)
  })
  const results = ends.map((end, at): TabResult => {
    const { latenciesMs, failed } = loads[at] ?? { latenciesMs: [], failed: {} }
    const { id, rung, digest } = end
    return { id, name: lookOf(id).name, rung, latenciesMs, failed, digest }
  })
  const [first] = ends
  return {
    tabs: results,
    voters: first?.voters ?? 0,
    leader: first?.leader,
    proposals,
    elapsedMs,
  }
}

async function openPages(
  context: BrowserContext,
  { page: address, tabs, report }: TrialOptions,
): Promise<readonly Page[]> {
  // A room of its own: people who open the printed address meanwhile are not part of the run.
  const room = `trial-${Date.now().toString(36)}`
  const pages: Page[] = []
  for (let at = 0; at < tabs; at += 1) {
    // The browser comes with one empty tab.
    const page = (at === 0 ? context.pages()[0] : undefined) ?? (await context.newPage())
    page.on('pageerror', (error) => report(`tab ${at + 1}: ${error.message}`))
    page.on('crash', () => report(`tab ${at + 1} crashed`))
    await page.goto(`${address}?room=${room}`)
    pages.push(page)
  }
  return pages
}

// What runs in the page is sent there as text: it may use nothing from this file.

const proposeInPage = async (proposals: number): Promise<Load> => {
  const door = window.unanimous
  if (door === undefined) throw new Error('This tab has no group any more.')
  return await door.load(proposals)
}

interface TabState {
  readonly phase: string
  readonly voters: number
  /** What the page tells people is wrong, if anything. */
  readonly why: string
}

const lookAtState = (page: Page): Promise<TabState> =>
  page.evaluate(() => {
    const status = window.unanimous?.group.status
    const banner = document.getElementById('banners')?.textContent ?? ''
    const why = banner === '' ? (status?.why ?? '') : banner
    return { phase: status?.phase ?? 'opening', voters: status?.quorum.voters.length ?? 0, why }
  })

/** A sentence on what is not there yet; undefined when all votes that can be are. */
async function missingVoters(pages: readonly Page[]): Promise<string | undefined> {
  const states = await Promise.all(pages.map(lookAtState))
  const most = Math.min(pages.length, votersMax)
  // An even number would bear no more losses than the odd one below it.
  const wanted = most % 2 === 1 ? most : most - 1
  if (states.every(({ phase, voters }) => phase === 'ready' && voters === wanted)) return undefined
  const seen = states.map(({ phase, voters }) => `${phase}, ${voters} of ${wanted} voters`)
  const why = states.find((state) => state.why !== '')?.why
  return `waiting for votes: ${seen.join('; ')}${why === undefined ? '' : ` (${why})`}`
}

interface TabEnd {
  readonly id: string
  readonly rung: string
  readonly voters: number
  readonly leader: string | undefined
  readonly digest: TabResult['digest']
}

const lookAtEnd = (page: Page): Promise<TabEnd> =>
  page.evaluate(() => {
    const group = window.unanimous?.group
    if (group === undefined) throw new Error('This tab has no group any more.')
    const { rung, quorum, leader } = group.status
    const digest = group.inspect.digest()
    return { id: group.me, rung, voters: quorum.voters.length, leader, digest }
  })

function disagreement(ends: readonly TabEnd[]): string | undefined {
  const hashes = new Set(ends.map(({ digest }) => `${digest.end} ${digest.hash}`))
  if (hashes.size === 1) return undefined
  const seen = ends.map(({ digest }) => `${digest.end} entries, ${digest.hash.slice(0, 12)}`)
  return `waiting for agreement: ${seen.join('; ')}`
}

/** Asks until there is nothing left to wait for; says what it waits for whenever that changes. */
async function until(
  limitMs: number,
  report: (line: string) => void,
  missing: () => Promise<string | undefined>,
): Promise<void> {
  const deadline = performance.now() + limitMs
  let said: string | undefined
  for (;;) {
    const now = await missing()
    if (now === undefined) return
    if (now !== said) report(now)
    said = now
    if (performance.now() > deadline) {
      throw new DemoError(`Gave up after ${Math.round(limitMs / 1000)} seconds: ${now}.`)
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const seconds = Math.round(limitMs / 1000)
      reject(new DemoError(`The proposals were not all answered within ${seconds} seconds.`))
    }, limitMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
