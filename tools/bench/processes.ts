/**
 * The processes of a browser: which of them shows a page, what time each has used, what memory. What only Linux tells is
 * undefined elsewhere.
 */
import type { Browser, CDPSession, Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { BenchError } from './bench-error.ts'

interface TraceEvent {
  readonly name: string
  readonly args?: {
    readonly data?: {
      readonly frames?: readonly { readonly url: string; readonly processId?: number }[]
    }
  }
}

/** The renderer of a page. Nothing but a trace tells: its first event names the frames and their processes. */
export async function rendererOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  let found: number | undefined
  session.on('Tracing.dataCollected', ({ value }) => {
    for (const { name, args } of value as unknown as readonly TraceEvent[]) {
      if (name !== 'TracingStartedInBrowser') continue
      found ??= args?.data?.frames?.find(({ url }) => url === page.url())?.processId
    }
  })
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve))
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['disabled-by-default-devtools.timeline'] },
  })
  await session.send('Tracing.end')
  await complete
  await session.detach()
  if (found === undefined) throw new BenchError('The browser did not say which process a tab has.')
  return found
}

/** Seconds of CPU since its start, by process. */
export type CpuTimes = ReadonlyMap<number, { readonly type: string; readonly seconds: number }>

export async function cpuTimes(browser: Browser): Promise<CpuTimes> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return new Map(processInfo.map(({ id, type, cpuTime }) => [id, { type, seconds: cpuTime }]))
}

/** What a process holds, in bytes. PSS counts shared pages by their share; private pages are its alone. */
export interface ProcessMemory {
  readonly pss: number
  readonly rss: number
  readonly private: number
}

export function processMemory(pid: number): ProcessMemory | undefined {
  if (process.platform !== 'linux') return undefined
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const bytes = (name: string): number => {
    const match = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)
    if (match === null) throw new BenchError(`This kernel does not say the ${name} of a process.`)
    return Number(match[1]) * 1024
  }
  return {
    pss: bytes('Pss'),
    rss: bytes('Rss'),
    private: bytes('Private_Clean') + bytes('Private_Dirty'),
  }
}

/** The JavaScript heap of a page, and what lies outside it and belongs to its typed arrays, in bytes. */
export interface HeapMemory {
  readonly used: number
  readonly buffers: number
}

/** After a forced collection. */
export async function heapMemory(page: Page): Promise<HeapMemory> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.enable')
  await session.send('HeapProfiler.collectGarbage')
  await session.send('HeapProfiler.collectGarbage')
  const usage = await heapUsage(session)
  await session.detach()
  return usage
}

async function heapUsage(session: CDPSession): Promise<HeapMemory> {
  const { usedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage')
  return { used: usedSize, buffers: backingStorageSize }
}
