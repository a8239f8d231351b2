/** A page as the host of a member: Web Locks guard its identity, IndexedDB keeps its store. */
import { deleteIndexeddbStorage, indexeddbStorage } from '@unanimous/core/indexeddb'
import { browserClock } from './browser-clock.ts'
import { randomHex } from './chance.ts'
import type { Host } from './host.ts'
import type { Slot } from './identity-slots.ts'
import { claimSlot } from './identity-slots.ts'
import { lastWordsIn } from './last-words.ts'
import { watchPage } from './page-life.ts'
import { profileOf } from './profile.ts'

const slotGraceMs = 1000
const profileBytes = 16

export const browserHost: Host = {
  claim: claimInBrowser,
  lasting: false,
  openStorage: indexeddbStorage,
  lastWords: lastWordsIn(() => localStorage),
  profile: () =>
    profileOf(
      () => localStorage,
      () => randomHex(profileBytes),
    ),
  eraser: (kind, name) => (kind === 'indexeddb' ? () => deleteIndexeddbStorage(name) : undefined),
  platform: {},
  address: () => location.href,
  watch: (life) => watchPage(life, browserClock),
}

/** Where there are no locks, nothing keeps two tabs from using one identity: only a store of this page's own will do. */
async function claimInBrowser(room: string): Promise<Slot> {
  // Absent on origins that are not secure, whatever the types say.
  const { locks } = navigator as { readonly locks?: LockManager }
  if (locks === undefined) {
    return { number: -1, name: `unanimous/${room}/unlocked`, release: () => undefined }
  }
  return claimSlot({
    locks,
    memory: sessionStorage,
    room,
    graceMs: slotGraceMs,
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  })
}
