/** Values whole: copied, and as JSON in which maps, sets and bytes count. */

/** Nothing that the transition may write to is shared; bytes are never written to. */
export function copy<T>(value: T): T {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (Array.isArray(value)) return value.map(copy) as T
  if (value instanceof Map) return new Map([...value].map(copy)) as T
  if (value instanceof Set) return new Set(value) as T
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copy(each)])) as T
}

/** Maps and sets as lists, bytes as numbers. */
export function plain(_key: string, value: unknown): unknown {
  if (value instanceof Map) return [...(value as Map<unknown, unknown>)]
  if (value instanceof Set) return [...(value as Set<unknown>)].sort()
  if (value instanceof Uint8Array) return value.join()
  return value
}
