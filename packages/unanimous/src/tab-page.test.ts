import { defaultPolicy, memoryStorage, openStore, runReplica } from '@unanimous/core'
import { createMemoryHub } from '@unanimous/core/testing'
import { expect, test } from 'vitest'
import { browserClock } from './browser-clock.ts'
import { OtherGroup } from './errors.ts'
import { MachineRunner } from './machine-runner.ts'
import { defineMachine } from './machine.ts'
import type { PageLife } from './page-life.ts'
import { TabGroup } from './tab-group.ts'

const machine = defineMachine({
  name: 'nothing',
  version: 1,
  initial: () => ({}),
  commands: { pass: (state: object) => state },
})

/** A tab alone in its group, whose page does what the test says and whose store cannot be opened again. */
async function tabWith(refusal: Error) {
  const storage = await memoryStorage()('store')
  const store = await openStore(storage, (length) => crypto.getRandomValues(new Uint8Array(length)))
  const runner = new MachineRunner(machine)
  const replica = runReplica({
    ...{ store, transport: createMemoryHub().join(store.self), clock: browserClock },
    ...{ machine: runner, room: 'test', wanted: undefined, profile: '' },
    ...{ membership: defaultPolicy, report: () => undefined },
  })
  const seen = { probes: 0, released: 0, stopped: 0, life: undefined as PageLife | undefined }
  const rendezvous = { state: 'online', peers: [], earlier: [], answered: true } as const
  const tab = new TabGroup({
    stay: {
      ...{ replica, runner, storage, store: 'store' },
      release: () => (seen.released += 1),
      mesh: {
        open: () => undefined,
        rendezvous: () => rendezvous,
        links: () => [],
        subscribe: () => () => undefined,
        probe: () => (seen.probes += 1),
      },
    },
    reopen: () => Promise.reject(refusal),
    ...{ machine, commandNames: ['pass'], faults: undefined, policy: 'always' },
    invite: { room: 'test', machine: machine.name, signal: [] },
    address: () => 'https://app.example/',
    ...{ clock: browserClock, ignored: new Map(), nonce: () => 'ab'.repeat(16) },
    watchPage: (life) => {
      seen.life = life
      return () => (seen.stopped += 1)
    },
    onProposed: () => undefined,
  })
  tab.open()
  const { life } = seen
  if (life === undefined) throw new Error('nobody looks at the page')
  return { tab, seen, life }
}

test('[PL5] a page that wakes has every link asked at once, and a hidden one says that it is', async () => {
  const { tab, seen, life } = await tabWith(new Error('unused'))
  life.onWake()
  expect(seen.probes).toBe(1)
  life.onHidden(true)
  expect(tab.status.clock.hidden).toBe(true)
  tab.close()
  expect(seen.stopped).toBe(1)
})

test('[PL3] a page that comes back and finds its store taken says so, once, and stays out', async () => {
  const { tab, seen, life } = await tabWith(new OtherGroup())
  const halted: Error[] = []
  tab.on('halted', (error) => halted.push(error))
  life.onGone()
  life.onGone()
  await new Promise((resolve) => setTimeout(resolve, 0))
  expect(seen.released).toBeGreaterThan(0)
  life.onRevived()
  life.onRevived()
  await new Promise((resolve) => setTimeout(resolve, 10))
  expect(halted).toHaveLength(1)
  expect(tab.status).toMatchObject({ phase: 'stopped', why: new OtherGroup().message })
  expect(seen.stopped).toBe(1)
  life.onRevived()
  await new Promise((resolve) => setTimeout(resolve, 10))
  expect(halted).toHaveLength(1)
})
