/** Takes CPU profiles of the tabs of a group while something runs in them, if it is wanted. */
import type { CDPSession } from '@playwright/test'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Tab } from './stand.ts'
import type { Trio } from './trio.ts'

export interface Profiler {
  /** Runs `work`; writes one profile a tab, named after `what` and the tab's part in the group. */
  during<T>(what: string, trio: Trio, work: () => Promise<T>): Promise<T>
}

const intervalMicroseconds = 250

/** Writes files that Chrome's DevTools open (`.cpuprofile`) into `folder`; without one, only runs the work. */
export function createProfiler(folder: string | undefined): Profiler {
  if (folder === undefined) return { during: (_what, _trio, work) => work() }
  mkdirSync(folder, { recursive: true })
  const numbers = new Map<string, number>()
  return {
    async during(what, trio, work) {
      const number = (numbers.get(what) ?? 0) + 1
      numbers.set(what, number)
      const sessions = await Promise.all(
        trio.tabs.map(async (tab) => ({ tab, session: await started(tab) })),
      )
      try {
        return await work()
      } finally {
        for (const { tab, session } of sessions) {
          const { profile } = await session.send('Profiler.stop')
          await session.detach()
          const part = tab === trio.leader ? 'leader' : `voter${tab.number}`
          const name = `${what}-${number}-${part}.cpuprofile`
          writeFileSync(join(folder, name), JSON.stringify(profile))
        }
      }
    },
  }
}

async function started({ page }: Tab): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page)
  await session.send('Profiler.enable')
  await session.send('Profiler.setSamplingInterval', { interval: intervalMicroseconds })
  await session.send('Profiler.start')
  return session
}
