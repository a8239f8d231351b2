/** Values that cannot change, and texts by which two of them are compared. Knows JSON only. */

/** A copy by JSON, frozen through and through: whoever tries to change it throws. */
export function frozenCopy<T>(value: T): T {
  return value === undefined ? value : deepFrozen(JSON.parse(JSON.stringify(value)) as T)
}

function deepFrozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const part of Object.values(value)) deepFrozen(part)
  return Object.freeze(value)
}

/** The same text for the same JSON, whatever the order of its keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (isRecord(part) ? sortedRecord(part) : part))
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const sortedRecord = (record: Readonly<Record<string, unknown>>): unknown =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
