/** From a question about the state to its answer: waits until the state is fresh enough, and watches the caller's patience. */
import type { Consistency, Replica } from '@unanimous/core'
import { NotRead } from './errors.ts'
import type { Ending } from './machine-runner.ts'

/** How fresh the state must be, how long to wait for it, and who may end the wait. */
export interface ReadOptions {
  /** `linearizable` unless told. */
  readonly consistency?: Consistency
  /** Stop waiting after this many milliseconds; 30 000 unless told. */
  readonly timeoutMs?: number
  readonly abort?: AbortSignal
}

const timeoutMsDefault = 30_000

/** Rejects with `NotRead`, with the reason of `abort`, or with whatever `select` throws. */
export async function readFrom<S, T>(
  replica: Replica<Ending>,
  { state, select }: { readonly state: () => S; readonly select: (state: S) => T },
  options: ReadOptions = {},
): Promise<T> {
  const { consistency = 'linearizable', timeoutMs = timeoutMsDefault, abort } = options
  abort?.throwIfAborted()
  const read = replica.read(consistency, timeoutMs)
  const cancel = (): void => read.cancel()
  abort?.addEventListener('abort', cancel, { once: true })
  try {
    const end = await read.done
    if (end.ok) return select(state())
    if (end.why === 'aborted') abort?.throwIfAborted()
    throw new NotRead(end.why)
  } finally {
    abort?.removeEventListener('abort', cancel)
  }
}
