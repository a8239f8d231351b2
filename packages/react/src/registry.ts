/**
 * Groups that components share: opened once for each room and machine, held by as many components as want it, and closed a
 * while after the last has let go. StrictMode mounts everything twice and a hot reload mounts it anew: neither makes or ends a
 * connection. Knows how to count; does not know React.
 */

/** What a registry keeps: something that can be closed. */
export interface Closable {
  close(): void
}

/** One opening, shared by all who hold it. */
export interface Opening<T> {
  readonly promise: Promise<T>
  /** What became of it so far; the same object until that changes. */
  readonly state: () => OpeningState<T>
  /** Called when the state has changed. Returns how to stop. */
  readonly subscribe: (listener: () => void) => () => void
  /** Keeps it open until the returned function is called. */
  readonly hold: () => () => void
}

/** How far an opening has come. */
export type OpeningState<T> =
  | { readonly phase: 'opening' }
  | { readonly phase: 'open'; readonly value: T }
  | { readonly phase: 'failed'; readonly error: unknown }

export interface RegistryOptions {
  /** After the last holder let go, before it is closed. */
  readonly graceMs: number
  /** As long may pass between a first render and its effects, which a slow or suspended tree delays. */
  readonly leaseMs: number
}

export interface Registry {
  /** The opening of this key, begun by `open` if there is none. Must be held soon, or it is closed again. */
  lease<T extends Closable>(key: string, open: () => Promise<T>): Opening<T>
}

/** Enough for a remount, too little to be seen as a member by others. */
const defaults: RegistryOptions = { graceMs: 1000, leaseMs: 10_000 }

export function createRegistry(options: Partial<RegistryOptions> = {}): Registry {
  const { graceMs, leaseMs } = { ...defaults, ...options }
  const openings = new Map<string, Opening<Closable>>()
  return {
    lease<T extends Closable>(key: string, open: () => Promise<T>): Opening<T> {
      const known = openings.get(key)
      // One key means one room and one machine, and so one type.
      if (known !== undefined) return known as Opening<T>
      const opening = openingOf(open, {
        ...{ graceMs, leaseMs },
        forget: () => void openings.delete(key),
      })
      openings.set(key, opening)
      return opening
    },
  }
}

interface Life extends RegistryOptions {
  readonly forget: () => void
}

function openingOf<T extends Closable>(
  open: () => Promise<T>,
  { graceMs, leaseMs, forget }: Life,
): Opening<T> {
  const listeners = new Set<() => void>()
  let state: OpeningState<T> = { phase: 'opening' }
  let holders = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function become(next: OpeningState<T>): void {
    state = next
    for (const listener of [...listeners]) listener()
  }

  function endAfter(ms: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => {
      forget()
      // An opening that is still under way is closed as soon as there is something to close.
      void promise.then(
        (value) => value.close(),
        () => undefined,
      )
    }, ms)
  }

  const promise = open()
  promise.then(
    (value) => become({ phase: 'open', value }),
    (error: unknown) => {
      // The next who asks tries again.
      forget()
      become({ phase: 'failed', error })
    },
  )
  endAfter(leaseMs)
  return {
    promise,
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    hold() {
      holders += 1
      clearTimeout(timer)
      let held = true
      return () => {
        if (!held) return
        held = false
        holders -= 1
        if (holders === 0) endAfter(graceMs)
      }
    },
  }
}
