/** What must hold of a cluster, as assertions whose failures say what each tab shows. */
import { expect as base } from '@playwright/test'
import type { Expect } from '@playwright/test'
import type { Cluster } from './cluster.ts'
import type { Tab } from './tab.ts'
import { wordTab } from './tab.ts'

export interface Patience {
  /** 60 000 unless told. */
  readonly timeoutMs?: number
}

interface Verdict {
  readonly pass: boolean
  readonly message: () => string
}

const timeoutMsDefault = 60_000
const lookMs = 50

/** Looks until it is so, or until the time is up; gives what was seen last. */
async function lookUntil<T>(
  look: () => Promise<T>,
  isSo: (seen: T) => boolean,
  { timeoutMs = timeoutMsDefault }: Patience,
): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const seen = await look()
    if (isSo(seen) || Date.now() > deadline) return seen
    await new Promise((resolve) => setTimeout(resolve, lookMs))
  }
}

interface Seen {
  readonly tab: string
  readonly commit: number
  readonly digest: { readonly end: number; readonly commands: number; readonly hash: string }
}

/** Each tab's hash over the same part of the log: what all of them know to be decided. */
async function digestsOf(tabs: readonly Tab[]): Promise<readonly Seen[]> {
  const known = await Promise.all(tabs.map((tab) => tab.status()))
  const shared = Math.min(...known.map(({ commit }) => commit))
  return Promise.all(
    tabs.map(async (tab, at) => ({
      tab: tab.name,
      commit: known[at]?.commit ?? 0,
      digest: await (await tab.group()).evaluate((group, end) => group.inspect.digest(end), shared),
    })),
  )
}

const differs = (seen: readonly Seen[]): boolean =>
  seen.some(({ digest }) => digest.hash !== seen[0]?.digest.hash)

const sameLength = (seen: readonly Seen[]): boolean =>
  seen.every(({ commit }) => commit === seen[0]?.commit)

async function toAgree(cluster: Cluster, options: Patience = {}): Promise<Verdict> {
  const tabs = cluster.tabs()
  const seen = await lookUntil(
    () => digestsOf(tabs),
    (all) => differs(all) || sameLength(all),
    options,
  )
  const lines = seen.map(
    ({ tab, commit, digest }) =>
      `${tab}: ${commit} decided; of the first ${digest.end}, ${digest.commands} commands, hash ${digest.hash}`,
  )
  return {
    pass: seen.length > 0 && !differs(seen) && sameLength(seen),
    message: () =>
      `All tabs should hold the same log; ${differs(seen) ? 'they differ' : 'some are behind'}:\n${lines.join('\n')}`,
  }
}

async function toElectLeader(tabs: readonly Tab[], options: Patience = {}): Promise<Verdict> {
  const lookAt = async () => Promise.all(tabs.map((tab) => tab.status()))
  const elected = (all: Awaited<ReturnType<typeof lookAt>>): boolean => {
    const leaders = all.filter(({ rung }) => rung === 'leader')
    const leader = leaders[0]?.members[0]?.id
    return (
      leaders.length === 1 && all.every((each) => each.leader === leader && each.phase === 'ready')
    )
  }
  const seen = await lookUntil(lookAt, elected, options)
  return {
    pass: elected(seen),
    message: () =>
      `One of these tabs should lead and the others follow it:\n${tabs.map(wordTab).join('\n')}`,
  }
}

async function toBeLinearizable(cluster: Cluster): Promise<Verdict> {
  const [violations, history] = await Promise.all([cluster.violations(), cluster.history()])
  const counted = history.filter(({ type }) => type === 'invoke').length
  return {
    // A history without a command proves nothing.
    pass: counted > 0 && violations.length === 0,
    message: () =>
      counted === 0
        ? 'No command was seen, so there is nothing to judge: does the app use the group that it opened?'
        : `${counted} commands should fit one order, but:\n${violations.join('\n')}`,
  }
}

/** What is added to Playwright's assertions. */
export interface ClusterMatchers {
  /** Of a cluster: waits until all open tabs hold the same log, byte for byte; fails at once where they differ. */
  readonly toAgree: typeof toAgree
  /** Of some tabs: waits until one of them leads and the others follow it. */
  readonly toElectLeader: typeof toElectLeader
  /** Of a cluster: every command so far fits one order that contradicts no caller. */
  readonly toBeLinearizable: typeof toBeLinearizable
}

/** Playwright's `expect` with `toAgree`, `toElectLeader` and `toBeLinearizable`. */
export const expect: Expect<ClusterMatchers> = base.extend({
  toAgree,
  toElectLeader,
  toBeLinearizable,
})
