import { replicaId } from '@unanimous/core'
import { expect, test } from 'vitest'
import { defaultLimits } from './limits.ts'
import { newLink, type LinkInput, type LinkState, type LinkStep } from './link-state.ts'
import { stepLink } from './link-step.ts'

const small = replicaId('1'.repeat(32))
const large = replicaId('2'.repeat(32))
const [ours, theirs] = ['a'.repeat(32), 'b'.repeat(32)]
const moment = {
  ...{ now: 0, random: 0.5, mayConnect: true, connectionsMade: 0, heardAt: 0, rttMs: undefined },
}

const dialer = (): LinkState =>
  newLink({ self: small, peer: large, session: ours, wireVersion: 1, limits: defaultLimits }, 0, 0)

function after(state: LinkState, ...inputs: readonly LinkInput[]): LinkStep {
  let step: LinkStep = { state, effects: [] }
  for (const input of inputs) step = stepLink(step.state, input, moment)
  return step
}

const typesOf = ({ effects }: LinkStep): readonly string[] => effects.map(({ type }) => type)

const open = (): LinkState =>
  after(
    dialer(),
    { type: 'room', event: 'present' },
    {
      type: 'signal',
      signal: {
        ...{ type: 'channel', session: theirs, to: undefined },
        connection: { session: ours, generation: 1 },
        signal: { type: 'answer', sdp: 'x' },
      },
    },
    { type: 'channel-open' },
    { type: 'hello', wireVersion: 1, self: large },
    { type: 'proof', right: true },
  ).state

test('[LK26] a link that nobody needs says so and ends, and neither end dials by itself', () => {
  const rested = after(open(), { type: 'rest' })
  expect(rested.effects).toEqual([
    { type: 'frame', frame: { kind: 'bye', reason: 'resting' } },
    { type: 'destroy' },
    { type: 'down' },
  ])
  expect(rested.state.phase).toMatchObject({ state: 'waiting', retryAt: undefined })
  const told = after(open(), { type: 'bye', reason: 'resting' })
  expect(told.state.phase).toMatchObject({ state: 'waiting', retryAt: undefined })
  expect(typesOf(told)).toEqual(['destroy', 'down'])
})

test('[LK26] whoever needs it wakes it', () => {
  expect(typesOf(after(open(), { type: 'rest' }, { type: 'wake' }))).toEqual(['connect'])
  expect(typesOf(after(open(), { type: 'wake' }))).toEqual([])
})

test('[LK26] a peer that comes into the room is not dialled while nobody needs it', () => {
  const listed = after(dialer(), { type: 'room', event: 'present', quiet: true })
  expect(typesOf(listed)).toEqual([])
  expect(typesOf(after(listed.state, { type: 'wake' }))).toEqual(['connect'])
})
