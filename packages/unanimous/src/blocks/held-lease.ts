/**
 * A lease that this tab holds: renewed while it lives, and known to be lost before another can have it. Knows when to renew by
 * this tab's own clock, which it trusts only for how long something took.
 */
import { Refused } from '../errors.ts'
import { after } from './host.ts'
import type { Ask } from './host.ts'

/** What the owner of a name does with it. */
export interface Held {
  /** Grows from holder to holder: give it to whatever you write to, and let that refuse lower ones. */
  readonly fence: number
  /**
   * Aborted when the name is lost: released, taken after its time ran out, or not renewed in time as far as this tab knows. A
   * tab that was frozen learns it late: that is what the fence is for.
   */
  readonly lost: AbortSignal
  /** Gives the name back; the next in line has it. Does nothing once it is lost. */
  release(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface LeaseParts {
  readonly key: string
  readonly fence: number
  readonly ttlMs: number
  /** When the claim that got it was sent, by `performance.now`. */
  readonly askedAt: number
  readonly renew: Ask<{ key: string; fence: number }, { readonly until: number }>
  readonly release: Ask<{ key: string; fence: number }, unknown>
  /** Still in the state as ours? */
  readonly isOurs: () => boolean
  readonly subscribe: (listener: () => void) => () => void
}

/** Three tries fit into the time to live. */
const renewalsPerLife = 3

/** The name was lost before it was released. */
class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
}

export function holdLease(parts: LeaseParts): Held {
  const { key, fence, ttlMs } = parts
  const lost = new AbortController()
  const stops: (() => void)[] = []
  let stopExpiry: () => void = () => undefined
  let released = false
  const isOver = (): boolean => released || lost.signal.aborted

  function end(why: string): void {
    if (lost.signal.aborted) return
    stopExpiry()
    for (const stop of stops.splice(0)) stop()
    lost.abort(new LeaseLost(why))
  }

  /** The group counts from when it applied the claim, which was after it was sent. */
  function expireFrom(askedAt: number): void {
    stopExpiry()
    const leftMs = askedAt + ttlMs - performance.now()
    stopExpiry = after(Math.max(0, leftMs), () => end('It was not renewed in time.'))
  }

  async function keepRenewing(): Promise<void> {
    while (!isOver()) {
      await new Promise<void>((resolve) => {
        stops.push(after(ttlMs / renewalsPerLife, resolve), resolve)
      })
      if (isOver()) return
      const askedAt = performance.now()
      const { kind } = await parts.renew({ key, fence }, { timeoutMs: ttlMs, abort: lost.signal })
        .outcome
      if (kind === 'committed' && !isOver()) expireFrom(askedAt)
      if (kind === 'refused') end('Another has it.')
    }
  }

  stops.push(
    parts.subscribe(() => {
      if (!released && !parts.isOurs()) end('Another has it.')
    }),
  )
  expireFrom(parts.askedAt)
  void keepRenewing()

  async function release(): Promise<void> {
    if (isOver()) return
    released = true
    end('It was released.')
    try {
      await parts.release({ key, fence })
    } catch (error) {
      // Somebody has it already: there is nothing left to give back.
      if (!(error instanceof Refused)) throw error
    }
  }

  return { fence, lost: lost.signal, release, [Symbol.asyncDispose]: release }
}
