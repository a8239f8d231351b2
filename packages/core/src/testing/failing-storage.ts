/** A disk that breaks at a chosen write, around one that works. Knows appends, not what is in them. */
import { StorageError } from '../base/errors.ts'
import type { Storage } from '../ports/storage.ts'

/** How a write goes wrong. */
export type Fault =
  /** Nothing is written, and the caller is told so. */
  | 'fail'
  /** Half of the record is written, and the caller is told that it failed. */
  | 'tear'
  /** All of it is written, but the caller is told that it failed. */
  | 'lie'
  /** Nothing happens until `release`. */
  | 'hang'

/** A storage and the levers that break it. */
export interface FailingStorage extends Storage {
  /** Appends that were asked for since this object exists; the failed one and what came after it count, too. */
  readonly appends: number
  /** The next append goes wrong in this way. */
  breakNext(fault: Fault): void
  /** The append that hangs goes through. */
  release(): void
  /** The store is taken away from outside. */
  lose(why: string): void
}

/** Breaks at the `at`-th append from now, counted from 0, or at none until `breakNext`. After that every append fails. */
export function failingStorage(
  inner: Storage,
  plan?: { readonly at: number; readonly fault: Fault },
): FailingStorage {
  let breaksAt = plan?.at ?? Infinity
  let fault: Fault = plan?.fault ?? 'fail'
  let appends = 0
  let broken = false
  let release: () => void = () => undefined
  let tell: (why: string) => void = () => undefined

  const refuse = (): Promise<never> => {
    broken = true
    return Promise.reject(new StorageError('This disk was made to fail.'))
  }

  const append = (record: Uint8Array): Promise<void> =>
    write(
      () => inner.append(record),
      () => inner.append(record.subarray(0, record.length >> 1)),
    )

  /** One step: there is no half of it. */
  const replace = (record: Uint8Array): Promise<void> =>
    write(
      () => inner.replace(record),
      () => Promise.resolve(),
    )

  async function write(whole: () => Promise<void>, half: () => Promise<void>): Promise<void> {
    const number = appends
    appends += 1
    if (broken) return refuse()
    if (number < breaksAt) return whole()
    breaksAt = Infinity
    switch (fault) {
      case 'fail':
        return refuse()
      case 'tear':
        await half()
        return refuse()
      case 'lie':
        await whole()
        return refuse()
      case 'hang':
        await new Promise<void>((resolve) => {
          release = resolve
        })
        return whole()
    }
  }

  return {
    ...inner,
    get appends() {
      return appends
    },
    append,
    replace,
    onLost(listener) {
      tell = listener
      inner.onLost(listener)
    },
    breakNext(next) {
      breaksAt = appends
      fault = next
    },
    release: () => release(),
    lose(why) {
      broken = true
      tell(why)
    },
  }
}
