/** What this browser grants this page, as facts: kept storage, secure address, timers. Asks the platform; knows no group. */
import { every } from './every.ts'
import type { Fact } from './facts.ts'

const beatMs = 1_000
/** A beat that is so late was held back. */
const lateMs = 700

/** `changed` is called when a fact is another one. */
export function startDiagnosis(changed: () => void): { readonly facts: () => readonly Fact[] } {
  let kept = 'asking …'
  let lastAt = performance.now()
  let slowest = 0
  void isKept().then((words) => {
    kept = words
    changed()
  })
  every(beatMs, () => {
    const now = performance.now()
    const late = now - lastAt - beatMs
    lastAt = now
    slowest = Math.max(late, slowest * 0.8)
  })
  return {
    facts: () => [
      { name: 'Storage', text: kept, isBad: false },
      {
        name: 'Address',
        text: isSecureContext ? 'secure: two tabs stay two' : 'not secure',
        isBad: !isSecureContext,
      },
      {
        name: 'Timers',
        text: slowest > lateMs ? `held back by ${(slowest / 1000).toFixed(1)} s` : 'on time',
        isBad: slowest > lateMs,
      },
    ],
  }
}

async function isKept(): Promise<string> {
  try {
    const persisted = await navigator.storage.persisted()
    return persisted ? 'kept until you delete it' : 'the browser may clear it when space is short'
  } catch {
    return 'the browser does not say'
  }
}
