/** What JSON can say, and how to tell where a value is something else. */

/** Values that survive a trip through MessagePack and a disk unchanged. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Deeper than anybody's state, and than a value that contains itself. */
const depthMax = 100

/** Undefined: the value is the same after it was text. Else where it is not, and what is there, for people. */
export function whyNotJson(value: unknown, path = 'state', depth = 0): string | undefined {
  if (depth > depthMax) return `${path.slice(0, 40)}… is nested too deeply`
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined
  if (typeof value === 'number') return whyNotNumber(value, path)
  if (typeof value !== 'object') return `${path} is ${wordOf(value)}`
  const { prototype: plain } = Object
  const prototype: unknown = Object.getPrototypeOf(value)
  if (!Array.isArray(value) && prototype !== plain && prototype !== null) {
    return `${path} is ${wordOf(value)}`
  }
  if (Object.getOwnPropertySymbols(value).length > 0) return `${path} has a symbol as a key`
  if (Array.isArray(value) && Object.keys(value).length !== value.length) {
    return `${path} is a list with holes`
  }
  for (const [key, part] of Object.entries(value)) {
    const why = whyNotJson(
      part,
      Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`,
      depth + 1,
    )
    if (why !== undefined) return why
  }
  return undefined
}

function whyNotNumber(value: number, path: string): string | undefined {
  if (Object.is(value, -0)) return `${path} is -0`
  return Number.isFinite(value) ? undefined : `${path} is ${value}`
}

function wordOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value
  const { name } = value.constructor
  return `a ${name === '' ? 'nameless class' : name}`
}
