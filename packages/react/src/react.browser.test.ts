/** The hooks in a real page, with real groups, under StrictMode. */
import { Component, createElement as h, StrictMode, Suspense } from 'react'
import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import type { Root } from 'react-dom/client'
import { defineMachine, memoryStorage } from 'unanimous'
import type { CommandContext, Hook, HookedGroup } from 'unanimous'
import { blocks, combine } from 'unanimous/blocks'
import { afterEach, expect, inject, test } from 'vitest'
import {
  GroupProvider,
  useCommand,
  useGroup,
  useGroupState,
  useLock,
  usePresence,
  useStatus,
} from './index.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A server that stays for the whole run. */
    signalingUrl: string
  }
}

interface Seats {
  readonly taken: Readonly<Record<string, string>>
}

const seats = defineMachine({
  name: 'seats',
  version: 1,
  initial: (): Seats => ({ taken: {} }),
  commands: {
    book: (state: Seats, seat: string, context: CommandContext) => {
      if (state.taken[seat] !== undefined) return context.refuse('TAKEN')
      return {
        state: { taken: { ...state.taken, [seat]: context.author } },
        result: Object.keys(state.taken).length,
      }
    },
  },
})

const opened: HookedGroup[] = []
const hook: Hook = { opened: (group) => void opened.push(group), proposed: () => undefined }
Object.defineProperty(globalThis, Symbol.for('unanimous.hook'), { value: hook })

let rooms = 0
const roots = new Set<Root>()

afterEach(() => {
  for (const root of roots) root.unmount()
  roots.clear()
  opened.length = 0
})

interface Shown {
  readonly place: HTMLElement
  readonly root: Root
  readonly show: (...children: readonly ReactNode[]) => void
}

function stage(): Shown {
  const place = document.createElement('div')
  document.body.append(place)
  const root = createRoot(place)
  roots.add(root)
  return { place, root, show: (...children) => root.render(h(StrictMode, null, ...children)) }
}

function newRoom() {
  rooms += 1
  return {
    ...{ room: `react-${rooms}`, machine: seats, signal: inject('signalingUrl') },
    ...({ found: 'always', storage: memoryStorage() } as const),
  }
}

const text = (place: HTMLElement) => () => place.textContent
const patience = { timeout: 30_000 }

function Seat({ seat, onRender }: { readonly seat: string; readonly onRender?: () => void }) {
  const by = useGroupState<typeof seats, string | undefined>((state) => state.taken[seat])
  onRender?.()
  return h('i', null, by === undefined ? `${seat} free ` : `${seat} taken `)
}

test('[RE2] a hundred mounts under StrictMode are one group, and the last that goes ends it', async () => {
  const options = newRoom()
  const { place, root, show } = stage()
  const provider = h(GroupProvider<Seats, typeof seats.commands>, {
    ...options,
    fallback: 'joining',
    children: h(Seat, { seat: 'A1' }),
  })
  for (let mounts = 0; mounts < 100; mounts += 1) {
    show(provider)
    await new Promise((resolve) => setTimeout(resolve))
    show()
  }
  show(provider, h(GroupProvider<Seats, typeof seats.commands>, { ...options, key: 'second' }))
  await expect.poll(text(place), patience).toBe('A1 free ')
  expect(opened).toHaveLength(1)
  root.unmount()
  await expect.poll(() => opened[0]?.status().phase, patience).toBe('stopped')
})

test('[RE3] a component renders once for each change of what it selected, and not for others', async () => {
  const { place, show } = stage()
  const renders = { A1: 0, B1: 0 }
  const seat = (name: keyof typeof renders) =>
    h(Seat, { key: name, seat: name, onRender: () => (renders[name] += 1) })
  show(
    h(GroupProvider<Seats, typeof seats.commands>, {
      ...newRoom(),
      fallback: 'joining',
      children: [seat('A1'), seat('B1')],
    }),
  )
  await expect.poll(text(place), patience).toBe('A1 free B1 free ')
  const before = { ...renders }
  // StrictMode renders each time twice.
  for (const [at, name] of (['B1', 'C1', 'D1', 'E1'] as const).entries()) {
    expect(await opened[0]?.propose('book', name)).toBe(at)
  }
  await expect.poll(text(place), patience).toBe('A1 free B1 taken ')
  expect(renders).toEqual({ A1: before.A1, B1: before.B1 + 2 })
})

test('[RE4] a command shows that it is pending, its result, its refusal and, if asked, its effect at once', async () => {
  const { place, show } = stage()
  let book: (seat: string) => unknown = () => undefined
  const seen = new Set<string>()
  function Booking() {
    const [run, { pending, error, last }] = useCommand<typeof seats, 'book'>('book', {
      optimistic: (state, seat) => ({ taken: { ...state.taken, [seat]: 'me, I hope' } }),
    })
    book = run
    const by = useGroupState<typeof seats, string | undefined>((state) => state.taken['A1'])
    const words = [pending ? 'pending' : 'idle', by, error?.name, last].join(' ')
    seen.add(words)
    return words
  }
  show(
    h(GroupProvider<Seats, typeof seats.commands>, {
      ...newRoom(),
      fallback: 'joining',
      children: h(Booking),
    }),
  )
  await expect.poll(text(place), patience).toBe('idle   ')
  book('A1')
  await expect.poll(text(place), patience).toBe(`idle ${opened[0]?.me ?? ''}  0`)
  expect([...seen]).toContain('pending me, I hope  ')
  book('A1')
  await expect.poll(text(place), patience).toBe(`idle ${opened[0]?.me ?? ''} Refused 0`)
})

test('[RE5] status, presence and the group itself are there for any component below the provider', async () => {
  const { place, show } = stage()
  function Here() {
    const phase = useStatus(({ phase: now }) => now)
    const { why } = useStatus()
    const [mine, setMine, others] = usePresence<{ name: string }>()
    const group = useGroup<typeof seats>()
    return h(
      'button',
      { onClick: () => setMine({ name: group.me.slice(0, 2) }) },
      [phase, why, mine?.name, others.size].join(' '),
    )
  }
  show(
    h(GroupProvider<Seats, typeof seats.commands>, {
      ...newRoom(),
      fallback: 'joining',
      children: h(Here),
    }),
  )
  await expect.poll(text(place), patience).toBe('ready   0')
  place.querySelector('button')?.click()
  const name = opened[0]?.me.slice(0, 2) ?? ''
  await expect.poll(text(place), patience).toBe(`ready  ${name} 0`)
})

test('[RE7] a lock is held by one component at a time, and given back by one that goes', async () => {
  const { place, show } = stage()
  const machine = combine({ lock: blocks.lock })
  const room = { ...newRoom(), machine }
  type Locks = typeof machine
  const acquired = new Map<string, () => Promise<unknown>>()
  function Holder({ name }: { readonly name: string }) {
    const { held, holder, acquire } = useLock('page')
    acquired.set(name, () => acquire({ waitMs: 20_000 }))
    const here = held === undefined ? 'waits' : 'holds'
    return `${name} ${here}, ${holder === undefined ? 'nobody' : 'somebody'} has it. `
  }
  const holders = (...names: readonly string[]) =>
    h(GroupProvider<ReturnType<Locks['initial']>, Locks['commands']>, {
      ...room,
      fallback: 'joining',
      children: names.map((name) => h(Holder, { key: name, name })),
    })
  show(holders('A', 'B'))
  await expect.poll(text(place), patience).toContain('A waits, nobody has it. B waits')
  await acquired.get('A')?.()
  await expect
    .poll(text(place), patience)
    .toBe('A holds, somebody has it. B waits, somebody has it. ')
  const waiting = acquired.get('B')?.()
  show(holders('B'))
  await waiting
  await expect.poll(text(place), patience).toBe('B holds, somebody has it. ')
})

class Boundary extends Component<{ readonly children: ReactNode }, { readonly why: string }> {
  override state = { why: '' }

  static getDerivedStateFromError(error: Error) {
    return { why: error.name }
  }

  override render() {
    return this.state.why === '' ? this.props.children : this.state.why
  }
}

test('[RE6] without a fallback it suspends, and what createGroup rejects with reaches the error boundary', async () => {
  const { place, show } = stage()
  show(
    h(
      Suspense,
      { fallback: 'waiting' },
      h(GroupProvider<Seats, typeof seats.commands>, {
        ...newRoom(),
        children: h(Seat, { seat: 'A1' }),
      }),
    ),
  )
  await expect.poll(text(place), patience).toBe('A1 free ')
  expect(opened).toHaveLength(1)
  show(
    h(
      Boundary,
      null,
      h(GroupProvider<Seats, typeof seats.commands>, {
        ...newRoom(),
        signal: 'http://no',
        fallback: '…',
      }),
    ),
  )
  await expect.poll(text(place), patience).toBe('BadOption')
})
