/**
 * Ticks out of a dedicated worker: browsers slow the timers of a hidden page down to one a second, or to one a minute, and
 * leave those of a worker alone. Knows no clock and no group; a page that may not have such a worker has none.
 */

/** The part of `Worker` that is used. */
export interface WorkerLike {
  postMessage(message: Asked): void
  onmessage: ((event: MessageEvent<number>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
  terminate(): void
}

/** Begin to tick, say that a tick arrived, or stop. */
type Asked =
  | { readonly id: number; readonly periodMs: number }
  | { readonly id: number; readonly arrived: true }
  | { readonly id: number; readonly stop: true }

/** Runs in the worker, as text. A page that was busy or frozen finds one tick, not all that it missed. */
const source = `
const timers = new Map()
onmessage = ({ data }) => {
  const known = timers.get(data.id)
  if (data.stop) {
    clearInterval(known?.timer)
    timers.delete(data.id)
  } else if (data.arrived) {
    if (known) known.waits = false
  } else {
    const own = { waits: false, timer: undefined }
    own.timer = setInterval(() => {
      if (own.waits) return
      own.waits = true
      postMessage(data.id)
    }, data.periodMs)
    timers.set(data.id, own)
  }
}`

/** `undefined` where there are no workers, or none from a text: a policy of the page may forbid them. */
export function openTickWorker(): WorkerLike | undefined {
  if (typeof Worker === 'undefined') return undefined
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
  try {
    return new Worker(url)
  } catch {
    // Some browsers throw at what the policy forbids, others tell `onerror`.
    return undefined
  } finally {
    URL.revokeObjectURL(url)
  }
}

/** One worker for all who want ticks, from the first of them to the last. */
export class WorkerTicks {
  readonly #open: () => WorkerLike | undefined
  readonly #ticks = new Map<number, () => void>()
  #worker: WorkerLike | undefined
  #lastId = 0

  constructor(open: () => WorkerLike | undefined) {
    this.#open = open
  }

  /** Calls about every `periodMs`, never twice for what was missed; not at all if there is no worker. Returns how to stop. */
  every(periodMs: number, tick: () => void): () => void {
    const id = (this.#lastId += 1)
    this.#ticks.set(id, tick)
    this.#worker ??= this.#opened()
    this.#worker?.postMessage({ id, periodMs })
    return () => this.#stop(id)
  }

  #stop(id: number): void {
    if (!this.#ticks.delete(id)) return
    this.#worker?.postMessage({ id, stop: true })
    if (this.#ticks.size > 0) return
    this.#worker?.terminate()
    this.#worker = undefined
  }

  #opened(): WorkerLike | undefined {
    const worker = this.#open()
    if (worker === undefined) return undefined
    worker.onmessage = ({ data: id }) => {
      worker.postMessage({ id, arrived: true })
      this.#ticks.get(id)?.()
    }
    // It never ran; whoever wanted ticks has timers of the page.
    worker.onerror = () => worker.terminate()
    return worker
  }
}
