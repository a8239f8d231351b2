/** What a block's handle needs of a group: the part of its machine, and nothing of the others. Types, and waiting. */
import type { Rung } from '@unanimous/core'
import type { MemberId } from '../machine.ts'
import type { Proposal, ProposeOptions } from '../proposal.ts'

/** The commands of a block as a combined machine offers them. */
type Offered<Part extends string, C> = {
  readonly [K in keyof C & string as `${Part}.${K}`]: C[K]
}

/** One command as a handle calls it. */
export type Ask<A, R> = (args: A, options?: ProposeOptions) => Proposal<R>

/** A group whose machine was combined with the block `Part`. */
export interface Host<Part extends string, S, C> {
  readonly me: MemberId
  readonly state: { readonly [K in Part]: S }
  readonly status: {
    readonly rung: Rung
    readonly phase: string
    readonly clock: { readonly hidden: boolean }
    readonly members: readonly { readonly id: MemberId; readonly reached: boolean }[]
  }
  readonly do: Offered<Part, C>
  subscribe(listener: () => void): () => void
}

/** How long to wait, and who may end it. */
export interface WaitOptions {
  /** Give up after this many milliseconds; never unless told. */
  readonly waitMs?: number
  readonly abort?: AbortSignal
}

/** Resolves once `look` gives something, and looks at every change and every `everyMs`. Undefined: it gave up. */
export async function waitFor<T>(
  host: { subscribe(listener: () => void): () => void },
  look: () => T | undefined,
  { waitMs, abort, everyMs }: WaitOptions & { readonly everyMs?: number },
): Promise<T | undefined> {
  abort?.throwIfAborted()
  const stops: (() => void)[] = []
  try {
    return await new Promise<T | undefined>((resolve, reject) => {
      const tryNow = (): void => {
        try {
          const found = look()
          if (found !== undefined) resolve(found)
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)))
        }
      }
      stops.push(host.subscribe(tryNow))
      if (waitMs !== undefined) stops.push(after(waitMs, () => resolve(undefined)))
      if (everyMs !== undefined) stops.push(again(everyMs, tryNow))
      if (abort !== undefined) {
        const onAbort = (): void => reject(abort.reason as Error)
        abort.addEventListener('abort', onAbort, { once: true })
        stops.push(() => abort.removeEventListener('abort', onAbort))
      }
      tryNow()
    })
  } finally {
    for (const stop of stops) stop()
  }
}

/** Returns how to call it off. */
export function after(ms: number, call: () => void): () => void {
  const timer = setTimeout(call, ms)
  return () => clearTimeout(timer)
}

/** Once every `ms`, one call after the other. Returns how to stop. */
export function again(ms: number, call: () => void): () => void {
  let stop = after(ms, tick)
  function tick(): void {
    stop = after(ms, tick)
    call()
  }
  return () => stop()
}
