/**
 * Which identity this tab uses: each room has numbered slots in a browser, each guarded by a Web Lock that is held as long
 * as the tab lives. A reload finds its slot again, a duplicated tab takes the next; two tabs never share one.
 */
import type { Locks } from '@unanimous/core'
import { TooManyTabs } from './errors.ts'

/** An identity that is this member's until it is released. */
export interface Slot {
  readonly number: number
  /** The name of the slot's store, unique in this origin. */
  readonly name: string
  readonly release: () => void
}

/** The part of `sessionStorage` that remembers this tab's slot across a reload. */
export interface TabMemory {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

export interface SlotOptions {
  readonly locks: Locks
  readonly memory: TabMemory
  readonly room: string
  /** Waits this long for the remembered slot: the tab that held it may be this one, not quite gone. */
  readonly graceMs: number
  readonly wait: (ms: number) => Promise<void>
}

/** More tabs of one browser in one room than a group has links. */
export const slotsMax = 64
const graceStepMs = 50
/** A browser that failed to call us back is asked this often. */
const attemptsMax = 3

export async function claimSlot(options: SlotOptions): Promise<Slot> {
  const { memory, room } = options
  const key = `unanimous/slot/${room}`
  const remembered = Number.parseInt(memory.getItem(key) ?? '', 10)
  const slot = (await claimRemembered(options, remembered)) ?? (await claimFirst(options))
  memory.setItem(key, String(slot.number))
  return slot
}

async function claimRemembered(options: SlotOptions, number: number): Promise<Slot | undefined> {
  if (!(number >= 0 && number < slotsMax)) return undefined
  for (let waitedMs = 0; ; waitedMs += graceStepMs) {
    const slot = await tryClaim(options, number)
    if (slot !== undefined || waitedMs >= options.graceMs) return slot
    await options.wait(graceStepMs)
  }
}

async function claimFirst(options: SlotOptions): Promise<Slot> {
  for (let number = 0; number < slotsMax; number += 1) {
    const slot = await tryClaim(options, number)
    if (slot !== undefined) return slot
  }
  throw new TooManyTabs(slotsMax)
}

async function tryClaim(options: SlotOptions, number: number): Promise<Slot | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await askFor(options, number)
    } catch (error) {
      // Chromium grants a lock and then cannot tell us, while the page is paused in its own `window.open`: the lock is free again.
      if (attempt === attemptsMax) throw error
      await options.wait(graceStepMs)
    }
  }
}

function askFor({ locks, room }: SlotOptions, number: number): Promise<Slot | undefined> {
  const name = `unanimous/${room}/${number}`
  return new Promise((resolve, reject) => {
    const held = locks.request(name, { mode: 'exclusive', ifAvailable: true }, (lock) => {
      if (lock === null) {
        resolve(undefined)
        return Promise.resolve()
      }
      return new Promise<void>((release) => resolve({ number, name, release }))
    })
    held.catch(reject)
  })
}
