/**
 * The stand on which everything is measured: one headless browser, the page, the signaling server of the group and the
 * rendezvous of y-webrtc. Opens and closes tabs; does not know what is measured in them.
 */
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { chromium } from '@playwright/test'
import { createSignalingServer } from '@unanimous/signaling-server'
import { contextPermissions, findOrInstallChromium, launchOptions } from '../chromium/chromium.ts'
import { BenchError } from './bench-error.ts'
import type { BenchPage } from './page/bench-page.ts'
import { servePage } from './page-server.ts'
import { rendererOf } from './processes.ts'
import { serveTopics } from './topic-server.ts'

/** One tab in a process of its own. */
export interface Tab {
  readonly number: number
  readonly page: Page
  readonly pid: number
}

export interface Tabs {
  readonly all: readonly Tab[]
  readonly close: () => Promise<void>
}

export interface Stand {
  readonly browser: Browser
  readonly signalUrl: string
  readonly topicsUrl: string
  /** A name that no run before had. */
  room(): string
  /** Tabs of one profile, as a person opens them; with `apart`, each in a profile of its own. */
  openTabs(count: number, apart?: 'apart'): Promise<Tabs>
  openBlank(): Promise<Tabs>
  readonly close: () => Promise<void>
}

/** Signals are not what is measured: a server that is never in the way. */
export const generous: { readonly burst: number; readonly perSecond: number } = {
  burst: 100_000,
  perSecond: 100_000,
}

type Method = keyof BenchPage
type Answer<M extends Method> = Awaited<ReturnType<BenchPage[M]>>

/** Calls `window.bench.METHOD` in a tab. Rejects with BenchError, which names the tab and the call. */
export async function ask<M extends Method>(
  { page, number }: Tab,
  method: M,
  ...args: Parameters<BenchPage[M]>
): Promise<Answer<M>> {
  try {
    return (await page.evaluate(
      ([name, values]) =>
        (
          globalThis as unknown as {
            readonly bench: Readonly<Record<string, (...values: unknown[]) => unknown>>
          }
        ).bench[name]?.(...values),
      [method, args] satisfies [string, unknown[]] as [string, unknown[]],
    )) as Answer<M>
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new BenchError(`Tab ${number} failed at ${method}: ${why}`, { cause })
  }
}

export const askAll = <M extends Method>(
  tabs: readonly Tab[],
  method: M,
  argsOf: (tab: Tab) => Parameters<BenchPage[M]>,
): Promise<Answer<M>[]> => Promise.all(tabs.map((tab) => ask(tab, method, ...argsOf(tab))))

/** `report` is told what goes wrong in a page; `readable` keeps the names of its functions. */
export async function openStand(report: (line: string) => void, readable: boolean): Promise<Stand> {
  const executable = await findOrInstallChromium(report)
  const [pages, topics, signaling, browser] = await Promise.all([
    servePage(readable),
    serveTopics(),
    createSignalingServer({
      port: 0,
      host: '127.0.0.1',
      origins: ['*'],
      limits: { arrivalsPerAddress: generous, messagesPerAddress: generous },
    }),
    chromium.launch(launchOptions(executable)),
  ])
  const runId = Date.now().toString(36)
  let rooms = 0

  async function openTab(context: BrowserContext, url: string, number: number): Promise<Tab> {
    const page = await context.newPage()
    page.on('pageerror', (error) => report(`tab ${number}: ${error.stack ?? error.message}`))
    page.on('crash', () => report(`tab ${number} crashed`))
    await page.goto(url)
    return { number, page, pid: await rendererOf(page) }
  }

  async function open(urls: readonly string[], apart: boolean): Promise<Tabs> {
    const newContext = (): Promise<BrowserContext> =>
      browser.newContext({ permissions: contextPermissions })
    const shared = apart ? undefined : await newContext()
    const all: Tab[] = []
    for (const [number, url] of urls.entries()) {
      all.push(await openTab(shared ?? (await newContext()), url, number))
    }
    if (new Set(all.map(({ pid }) => pid)).size < all.length) {
      throw new BenchError('Two tabs share a process: this browser keeps too few of them.')
    }
    return {
      all,
      close: async () => {
        await Promise.all([...new Set(all.map(({ page }) => page.context()))].map((c) => c.close()))
      },
    }
  }

  return {
    browser,
    signalUrl: signaling.url,
    topicsUrl: topics.url,
    room: () => `${runId}-${(rooms += 1)}`,
    openTabs: (count, apart) =>
      open(
        Array.from({ length: count }, (_, number) => `${pages.url}?tab=${number}`),
        apart !== undefined,
      ),
    openBlank: () => open([pages.blankUrl], false),
    close: async () => {
      await browser.close()
      await Promise.all([pages.close(), topics.close(), signaling.close()])
    },
  }
}
