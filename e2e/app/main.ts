/**
 * The page under test: opens a group as its address says (`room`, `signal`, `found`, `invited`, `storage`, `logBytes`,
 * `titled`), lays it
 * open for the tests as `window.unanimous` and tells them what happens. Knows nothing of what is tested.
 */
import type { Group, GroupOptions, Outcome, RoomConflict } from 'unanimous'
import { createGroup, memoryStorage } from 'unanimous'
import type { Ledger } from './ledger.ts'
import { ledger } from './ledger.ts'
import type { Load } from './load.ts'
import { createLoad } from './load.ts'
import { wordRefusal } from './refusal.ts'
import { titledLedger } from './titled-ledger.ts'

export type Opened = Group<Ledger, typeof ledger.commands>

/** What a page tells the test by itself. */
export type Told =
  /** `subscribe` called its listener. */
  | { readonly type: 'changed' }
  | { readonly type: 'room-conflict'; readonly conflict: RoomConflict }
  | { readonly type: 'halted'; readonly name: string; readonly message: string }
  /** The load was told that this line is decided. */
  | { readonly type: 'decided'; readonly line: string; readonly index: number }

/** What may differ from the group of the page. */
export type Begin = Pick<
  GroupOptions<Ledger, typeof ledger.commands>,
  'room' | 'archive' | 'invite'
>

declare global {
  interface Window {
    unanimous: Promise<Opened>
    load: Load
    /** Opens another group in this page. */
    begin: (other: Begin) => Promise<Opened>
    wordRefusal: typeof wordRefusal
    /** Only in the page of version 2. */
    entitle?: (title: string) => Promise<Outcome<unknown>>
    /** Put in by the test; resolves when the test has heard it. */
    tell?: (told: Told) => Promise<void>
  }
}

const parameters = new URLSearchParams(location.search)
const policy = parameters.get('found')
const secret = new URLSearchParams(location.hash.slice(1)).get('secret')
const bequest = parameters.get('bequest')
const logBytes = parameters.get('logBytes')

const options: Omit<GroupOptions<Ledger, typeof ledger.commands>, 'machine'> = {
  room: parameters.get('room') ?? 'test',
  signal: parameters.getAll('signal'),
  dev: true,
  ...(policy === 'auto' || policy === 'never' || policy === 'always' ? { found: policy } : {}),
  ...(secret === null ? {} : { secret }),
  ...(bequest === 'off' || bequest === 'margin1' || bequest === 'margin2'
    ? { membership: { bequest } }
    : {}),
  ...(logBytes === null ? {} : { limits: { logBytes: Number(logBytes) } }),
  ...(parameters.has('invited') ? { invite: location.href } : {}),
  ...(parameters.get('storage') === 'memory' ? { storage: memoryStorage() } : {}),
}

const tell = async (told: Told): Promise<void> => window.tell?.(told)

/** One at a time: a test that is slower than the group must not be buried under what it was told. */
function createChangeTeller(): () => void {
  let telling = false
  let again = false
  return () => {
    again = true
    if (!telling) void tellAll()
  }

  async function tellAll(): Promise<void> {
    telling = true
    while (again) {
      again = false
      await tell({ type: 'changed' })
    }
    telling = false
  }
}

/** With the machine of the page's day. */
async function openOfDay(): Promise<Opened> {
  if (!parameters.has('titled')) return createGroup({ ...options, machine: ledger })
  const group = await createGroup({ ...options, machine: titledLedger })
  window.entitle = (title) => group.do.entitle(title).outcome
  return group
}

async function open(): Promise<Opened> {
  const group = await openOfDay()
  group.subscribe(createChangeTeller())
  group.on('room-conflict', (conflict) => void tell({ type: 'room-conflict', conflict }))
  group.on('halted', ({ name, message }) => void tell({ type: 'halted', name, message }))
  window.load = createLoad(group, (line, index) => tell({ type: 'decided', line, index }))
  return group
}

window.wordRefusal = wordRefusal
window.begin = (other) => {
  const { signal, dev } = options
  return createGroup({ machine: ledger, signal, dev: dev ?? false, ...other })
}
window.unanimous = open()
// A test that expects the refusal awaits the promise itself.
window.unanimous.catch(() => undefined)
