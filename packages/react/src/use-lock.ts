/** A lock of the group, held by a component. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { MemberId } from 'unanimous'
import { lock } from 'unanimous/blocks'
import type { Held, LockHost, LockOptions, WaitOptions } from 'unanimous/blocks'
import type { SharedGroup } from './shared-group.ts'
import { useSharedGroup } from './use-group.ts'
import { useSelected } from './use-selected.ts'

/** A lock as a component sees it. */
export interface LockState {
  /** While this component holds it: its fencing token, for whatever the holder writes to. */
  readonly held: Held | undefined
  /** Who holds it now, as this tab knows. */
  readonly holder: MemberId | undefined
  /** Waits in line; resolves with what was got, undefined when `waitMs` is over. What is held already is given again. */
  readonly acquire: (wait?: WaitOptions) => Promise<Held | undefined>
  readonly release: () => Promise<void>
}

const lockOf = (shared: SharedGroup, key: string, options: LockOptions) => {
  // The machine of this group must have locks: `combine({ ...blocks })`.
  const handle = lock(shared.group as unknown as LockHost, key, options)
  return {
    acquire: (wait?: WaitOptions) => handle.acquire(wait),
    subscribe: (listener: () => void) => shared.group.subscribe(listener),
    whole: () => handle.holder,
  }
}

const same = <T>(value: T): T => value

/**
 * The lock `key` of a group whose machine has locks. It is given back when the component goes, and `held` becomes undefined when
 * it is lost.
 *
 * @example
 * const { held, holder, acquire, release } = useLock('page:42')
 */
export function useLock(key: string, { ttlMs }: LockOptions = {}): LockState {
  const shared = useSharedGroup()
  const handle = useMemo(
    () => lockOf(shared, key, ttlMs === undefined ? {} : { ttlMs }),
    [shared, key, ttlMs],
  )
  const holder = useSelected(handle, same, Object.is)
  const [held, setHeld] = useState<Held>()
  const own = useRef<Held>(undefined)

  const release = useCallback(async () => {
    const kept = own.current
    own.current = undefined
    setHeld(undefined)
    await kept?.release()
  }, [])

  const acquire = useCallback(
    async (wait?: WaitOptions) => {
      if (own.current !== undefined) return own.current
      const got = await handle.acquire(wait)
      if (got === undefined) return undefined
      own.current = got
      setHeld(got)
      const onLost = (): void => {
        if (own.current !== got) return
        own.current = undefined
        setHeld(undefined)
      }
      got.lost.addEventListener('abort', onLost, { once: true })
      return got
    },
    [handle],
  )

  // Another key is another lock, and a component that is gone holds none.
  useEffect(() => () => void own.current?.release().catch(() => undefined), [handle])
  return { held, holder, acquire, release }
}
