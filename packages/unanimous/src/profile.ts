/**
 * Which browser profile this tab lives in: tabs of one profile lose their disks and their power together, so the group
 * spreads its votes over profiles where it can.
 */

/** The part of `localStorage` that remembers the name of this profile. */
export interface ProfileMemory {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

const key = 'unanimous/profile'
const form = /^[0-9a-f]{32}$/

/**
 * 32 hex digits, the same for every page of this origin in this profile; `fresh` makes a new one. Where pages may not
 * remember anything, every tab is a profile of its own: undefined `memory`, or one that throws.
 */
export function profileOf(memory: () => ProfileMemory, fresh: () => string): string {
  try {
    const store = memory()
    const known = store.getItem(key)
    if (known !== null && form.test(known)) return known
    const made = fresh()
    store.setItem(key, made)
    return made
  } catch {
    // Storage is switched off or full.
    return fresh()
  }
}
