/**
 * Several tabs of one app: how a test opens them, waits for them without sleeping, troubles them, and judges what they say.
 * Works with any app that uses Unanimous, through the page's hook and `inspect`.
 */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from '@playwright/test'
import type { Outcome } from 'unanimous'
import type { HistoryEvent, Operation } from './history.ts'
import { historyOf, orderViolations } from './history.ts'
import type { Lossiness } from './lossiness.ts'
import { crashPage, fillQuotaOf, hidePage, showPage, wipeStore } from './page-acts.ts'
import { installPageHook } from './page-hook.ts'
import type { Told } from './page-hook.ts'
import { Tab, wordTab } from './tab.ts'
import {
  cutTowards,
  healTab,
  makeLossy,
  stallTab,
  startSignaling,
  stopSignaling,
} from './troubles.ts'

/** How `cluster.open` opens tabs. */
export interface OpenOptions {
  /** Real tabs of one browser, which share its storage; else each tab is a browser of its own. Default false. */
  readonly sameContext?: boolean
  /** So many of them, the last ones, only observe. Default 0. */
  readonly observers?: number
}

/** As many tabs as were asked for. */
export type Tabs<N extends number, Sofar extends Tab[] = []> = number extends N
  ? Tab[]
  : Sofar['length'] extends N
    ? Sofar
    : Tabs<N, [...Sofar, Tab]>

/** How several commands ended. */
export interface Race {
  readonly committed: readonly Extract<Outcome<unknown>, { kind: 'committed' }>[]
  readonly refused: readonly Extract<Outcome<unknown>, { kind: 'refused' }>[]
  readonly notSent: readonly Extract<Outcome<unknown>, { kind: 'not-sent' }>[]
  readonly unknown: readonly Extract<Outcome<unknown>, { kind: 'unknown' }>[]
}

export interface ClusterParts {
  readonly browser: Browser
  readonly contextOptions: BrowserContextOptions
}

const timeoutMsDefault = 60_000

/** The tabs of one test, and what can be done to them and asked of them. */
export class Cluster {
  readonly #parts: ClusterParts
  readonly #byPage = new Map<Page, Tab>()
  readonly #contexts: BrowserContext[] = []
  #shared: Promise<BrowserContext> | undefined
  #changed: () => void = () => undefined
  #change: Promise<void>
  #signalingDown = false

  /** Not for tests: the fixture makes it. */
  constructor(parts: ClusterParts) {
    this.#parts = parts
    this.#change = this.#nextChange()
  }

  /** Opens tabs at the same moment at `path` of the configuration's `baseURL`. Resolves when each has opened its group. */
  async open<N extends number>(count: N, path = '/', options: OpenOptions = {}): Promise<Tabs<N>> {
    const pages: Page[] = []
    for (let opened = 0; opened < count; opened += 1) {
      const context =
        options.sameContext === true ? await this.#sharedContext() : await this.#newContext()
      const page = await context.newPage()
      if (opened >= count - (options.observers ?? 0)) await page.addInitScript(observe)
      pages.push(page)
    }
    const tabs = pages.map((page) => this.#tabOf(page))
    await Promise.all(pages.map((page) => page.goto(path)))
    await Promise.all(tabs.map((tab) => tab.group()))
    if (this.#signalingDown) await Promise.all(tabs.map(stopSignaling))
    return tabs as Tabs<N>
  }

  /** All that are neither closed nor killed, in the order of opening. */
  tabs(): Tab[] {
    return [...this.#byPage.values()].filter(({ isGone }) => !isGone)
  }

  /** The tab that leads, as the tabs told last. Throws if there is none, or more than one. */
  leader(): Tab {
    const [leader, ...more] = this.#leading()
    if (leader !== undefined && more.length === 0) return leader
    const found = leader === undefined ? 'No tab leads' : 'More than one tab leads'
    throw new Error(`${found}; wait with cluster.ready().\n${this.#words()}`)
  }

  /** All tabs but the leader. */
  rest(): Tab[] {
    const leader = this.leader()
    return this.tabs().filter((tab) => tab !== leader)
  }

  /** Waits until all tabs follow one leader, know the same log, and no further tab is about to become a voter. */
  async ready(options: { readonly timeoutMs?: number } = {}): Promise<void> {
    await this.until(
      'one leader that all tabs follow, and nobody behind',
      () => this.#isReady(),
      options,
    )
  }

  /** Waits until `isSo`; looks again whenever a tab tells of a change. The error shows what each tab shows. */
  async until(
    what: string,
    isSo: () => boolean,
    { timeoutMs = timeoutMsDefault }: { readonly timeoutMs?: number } = {},
  ): Promise<void> {
    const deadline = Date.now() + timeoutMs
    for (;;) {
      const change = this.#change
      if (isSo()) return
      if (!(await inTime(change, deadline))) {
        throw new Error(`In ${timeoutMs} ms the tabs never had ${what}.\n${this.#words()}`)
      }
    }
  }

  /** Cuts every link between tabs of different sides, both ways. Tabs that are opened later belong to no side. */
  async partition(...sides: readonly (Tab | readonly Tab[])[]): Promise<void> {
    const lists = sides.map((side) => (side instanceof Tab ? [side] : side))
    for (const [at, side] of lists.entries()) {
      const others = lists.slice(at + 1).flat()
      for (const tab of side) for (const other of others) await this.cut(tab, other)
    }
  }

  /** Nothing passes from `a` to `b`, nor back unless `oneWay`. WebRTC itself goes on: only messages suffer. */
  async cut(a: Tab, b: Tab, { oneWay = false }: { readonly oneWay?: boolean } = {}): Promise<void> {
    await cutTowards(a, b)
    if (!oneWay) await cutTowards(b, a)
  }

  /** Ends everything that was cut or made lossy. */
  async heal(): Promise<void> {
    await Promise.all(this.tabs().map(healTab))
  }

  /** Makes every link between the tabs that are open now lossy, slow or disorderly, by the same dice in each run. */
  async lossy(lossiness: Lossiness): Promise<void> {
    await Promise.all(this.tabs().map((tab) => makeLossy(tab, lossiness)))
  }

  /** Blocks the tab's thread for so long, as a frozen page is blocked. Resolves when it is over. */
  async stall(tab: Tab, ms: number): Promise<void> {
    await stallTab(tab, ms)
  }

  /** Tells the page that it is hidden. A driver cannot hide a page: its timers go on at their full rate. */
  async hide(tab: Tab): Promise<void> {
    await hidePage(tab.page)
  }

  async show(tab: Tab): Promise<void> {
    await showPage(tab.page)
  }

  /** As a person closes it: the page says good-bye. */
  async closeTab(tab: Tab): Promise<void> {
    await tab.page.close()
  }

  /** Ends the tab's process at once: no handler of the page runs. */
  async killTab(tab: Tab): Promise<void> {
    await crashPage(tab.page)
  }

  /** Loads the tab again. Resolves when it has opened its group; `ready` waits for more. */
  async reload(tab: Tab): Promise<void> {
    tab.expectNewPage()
    await tab.page.reload()
    await this.#reopened(tab)
  }

  /** As the browser's menu does it: the copy has the session storage of the original, and shares its process. */
  async duplicate(tab: Tab): Promise<Tab> {
    const popup = tab.page.waitForEvent('popup')
    await tab.page.evaluate(() => void window.open(location.href))
    const copy = this.#tabOf(await popup)
    await copy.group()
    return copy
  }

  /** Deletes what the browser holds of this tab's group, and loads the tab again: it comes back as a stranger. */
  async wipeStorage(tab: Tab): Promise<void> {
    const { store } = await tab.identity()
    tab.expectNewPage()
    await wipeStore(tab.page, store)
    await this.#reopened(tab)
  }

  /** From now on the browser has no room left for the tab's origin. */
  async fillQuota(tab: Tab): Promise<void> {
    await fillQuotaOf(tab.page)
  }

  /** No tab reaches a signaling server any more, those that are opened later included. */
  async signalingDown(): Promise<void> {
    this.#signalingDown = true
    await Promise.all(this.tabs().map(stopSignaling))
  }

  async signalingUp(): Promise<void> {
    this.#signalingDown = false
    await Promise.all(this.tabs().map(startSignaling))
  }

  /** Waits for several commands and sorts them by how they ended. */
  async race(commands: readonly Promise<Outcome<unknown>>[]): Promise<Race> {
    const ended = await Promise.all(commands)
    const ofKind = <K extends Outcome<unknown>['kind']>(kind: K) =>
      ended.filter(
        (outcome): outcome is Extract<Outcome<unknown>, { kind: K }> => outcome.kind === kind,
      )
    return {
      committed: ofKind('committed'),
      refused: ofKind('refused'),
      notSent: ofKind('not-sent'),
      unknown: ofKind('unknown'),
    }
  }

  /** Every command of every tab so far, closed tabs included, as one history in order of time. */
  async history(): Promise<readonly HistoryEvent[]> {
    return historyOf(await this.#operations())
  }

  /** What contradicts one order of all commands; empty: nothing does. */
  async violations(): Promise<readonly string[]> {
    return orderViolations(await this.#operations())
  }

  /** What the replicas of all open tabs remember of their lives, merged by time: JSON Lines, each with its tab. */
  async trace(): Promise<string> {
    const events = await Promise.all(
      this.tabs().map(async (tab) => {
        const recent = await (await tab.group()).evaluate((group) => group.inspect.trace.recent())
        return recent.map((event) => ({ tab: tab.name, ...event }))
      }),
    )
    const sorted = events.flat().sort((a, b) => a.at - b.at)
    return sorted.map((event) => `${JSON.stringify(event)}\n`).join('')
  }

  /** What each tab shows, a line each. */
  describe(): string {
    return this.#words()
  }

  async close(): Promise<void> {
    await Promise.all(this.#contexts.map((context) => context.close()))
  }

  /** What the pages told is here once they have answered a question. */
  async #operations(): Promise<readonly Operation[]> {
    await Promise.all(this.tabs().map((tab) => tab.page.evaluate(() => undefined)))
    return [...this.#byPage.values()].flatMap(({ operations }) => operations)
  }

  #leading(): readonly Tab[] {
    return this.tabs().filter(({ shown }) => shown?.rung === 'leader')
  }

  #isReady(): boolean {
    const tabs = this.tabs()
    const [first] = tabs
    if (first?.shown === undefined || this.#leading().length !== 1) return false
    const { commit, leader, quorum } = first.shown
    const members = tabs.filter(({ shown }) => shown?.rung !== 'observer')
    const settled = largestOdd(Math.min(members.length, 3))
    return (
      quorum.voters.length >= settled &&
      tabs.every(
        ({ shown }) =>
          shown?.phase === 'ready' &&
          shown.commit === commit &&
          shown.leader === leader &&
          shown.quorum.voters.length === quorum.voters.length &&
          // Who observes knows no more of the voters than a way to the leader.
          (shown.rung === 'observer' || shown.quorum.have === quorum.voters.length),
      )
    )
  }

  #words(): string {
    return [...this.#byPage.values()].map(wordTab).join('\n')
  }

  async #reopened(tab: Tab): Promise<void> {
    await tab.group()
    if (this.#signalingDown) await stopSignaling(tab)
  }

  async #sharedContext(): Promise<BrowserContext> {
    this.#shared ??= this.#newContext()
    return this.#shared
  }

  async #newContext(): Promise<BrowserContext> {
    const context = await this.#parts.browser.newContext(this.#parts.contextOptions)
    this.#contexts.push(context)
    await context.addInitScript(installPageHook)
    await context.exposeBinding('tellUnanimousTest', ({ page }, told: Told) =>
      this.#tabOf(page).heard(told),
    )
    return context
  }

  #tabOf(page: Page): Tab {
    const known = this.#byPage.get(page)
    if (known !== undefined) return known
    const tab = new Tab(page, this.#byPage.size, () => {
      const changed = this.#changed
      this.#change = this.#nextChange()
      changed()
    })
    this.#byPage.set(page, tab)
    return tab
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = resolve
    })
  }
}

/** In a page, before its scripts. */
const observe = (): void => {
  window.unanimousTestRole = 'observer'
}

/** The largest odd number that is not above `count`: so many of the tabs become voters. */
const largestOdd = (count: number): number => (count % 2 === 1 ? count : count - 1)

/** False: the deadline came first. */
async function inTime(event: Promise<void>, deadline: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), deadline - Date.now())
  })
  try {
    return await Promise.race([event.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}
