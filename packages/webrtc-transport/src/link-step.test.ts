import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { replicaId } from '@unanimous/core'
import { meshLimits } from './limits.ts'
import type { LinkSignal, PeerSignal } from './link-signal.ts'
import {
  connectionOf,
  newLink,
  waiting,
  wakeAt,
  type LinkEffect,
  type LinkInput,
  type LinkState,
  type Moment,
} from './link-state.ts'
import { stepLink } from './link-step.ts'
import type { Refusal } from './mesh-problem.ts'

const seed = 20_240_505
const limits = meshLimits()
const small = replicaId('1'.repeat(32))
const large = replicaId('2'.repeat(32))
const ours = 'aaaaaaaaaaaaaaaa'
const theirs = 'bbbbbbbbbbbbbbbb'
const theirNext = 'cccccccccccccccc'

const configOf = (self: typeof small, peer: typeof small) => ({
  self,
  peer,
  session: ours,
  wireVersion: 1,
  limits,
})
const dialer = (): LinkState => newLink(configOf(small, large), 0, 0)
const answerer = (): LinkState => newLink(configOf(large, small), 0, 0)

function at(now: number, more: Partial<Moment> = {}): Moment {
  return { now, random: 0, mayConnect: true, connectionsMade: 0, heardAt: now, rttMs: 5, ...more }
}

/** The state after these inputs, all at the same moment, and the effects of the last one. */
function after(
  state: LinkState,
  inputs: readonly LinkInput[],
  moment: Moment = at(0),
): { readonly state: LinkState; readonly effects: readonly LinkEffect[] } {
  let step: ReturnType<typeof stepLink> = { state, effects: [] }
  for (const input of inputs) step = stepLink(step.state, input, moment)
  return step
}

const typesOf = (effects: readonly LinkEffect[]): string[] => effects.map(({ type }) => type)

const room = (event: 'present' | 'rejoined' | 'absent' | 'unreachable'): LinkInput => ({
  type: 'room',
  event,
})
const signal = (value: LinkSignal): LinkInput => ({ type: 'signal', signal: value })
const sdp = (type: 'offer' | 'answer'): PeerSignal => ({ type, sdp: 'x' })
const answer = (generation: number, session = theirs): LinkInput =>
  signal({
    type: 'channel',
    session,
    to: undefined,
    connection: { session: ours, generation },
    signal: sdp('answer'),
  })
const offer = (generation: number, session = theirs): LinkInput =>
  signal({
    type: 'channel',
    session,
    to: undefined,
    connection: { session, generation },
    signal: sdp('offer'),
  })
const call = (session: string, count: number): LinkInput =>
  signal({ type: 'call', session, to: undefined, after: count })
const hello = (wireVersion = 1, self = large): LinkInput => ({
  type: 'hello',
  wireVersion,
  self,
})
const shaken: readonly LinkInput[] = [
  { type: 'channel-open' },
  hello(),
  { type: 'proof', right: true },
]
const open = (): LinkState => after(dialer(), [room('present'), answer(1), ...shaken]).state
const openAnswerer = (): LinkState =>
  after(answerer(), [
    offer(1),
    { type: 'channel-open' },
    hello(1, small),
    { type: 'proof', right: true },
  ]).state

describe('who dials', () => {
  test('[LK1] the smaller id dials, the larger calls', () => {
    expect(after(dialer(), [room('present')]).effects).toEqual([
      { type: 'connect', initiator: true },
    ])
    expect(after(answerer(), [room('present')]).effects).toEqual([
      { type: 'signal', signal: { type: 'call', session: ours, to: undefined, after: 0 } },
    ])
  })

  test('[LK1] an offer to the dialer and an answer to the answerer are not heard', () => {
    expect(after(dialer(), [room('present'), offer(1)]).effects).toEqual([])
    expect(after(answerer(), [offer(1), answer(1)]).effects).toEqual([])
  })

  test('[LK2] nothing is dialled before the room lists the peer', () => {
    expect(
      typesOf(after(dialer(), [{ type: 'tick' }, { type: 'probe' }], at(60_000)).effects),
    ).toEqual([])
  })

  test('[LK2] a new link of a forgotten peer never uses a generation again', () => {
    const { state } = after(newLink(configOf(small, large), 0, 7), [room('present')])
    expect(connectionOf(state)).toEqual({ session: ours, generation: 8 })
  })
})

describe('stale signals', () => {
  test.each([
    ['of an older generation', answer(1)],
    ['of a generation that is not yet', answer(3)],
  ])('[LK3] an answer %s is dropped', (_name, input) => {
    const { state } = after(dialer(), [room('present'), room('rejoined')])
    expect(state.generation).toBe(2)
    expect(after(state, [input])).toEqual({ state, effects: [] })
  })

  test('[LK3] the second answer of a generation is dropped', () => {
    const { state } = after(dialer(), [room('present'), answer(1)])
    expect(after(state, [answer(1)]).effects).toEqual([])
  })

  test('[LK3] an offer that is no newer than the current one is dropped', () => {
    const { state } = after(answerer(), [offer(5)])
    expect(after(state, [offer(5)]).effects).toEqual([])
    expect(after(state, [offer(4)]).effects).toEqual([])
  })

  test('[LK3] what a session says that was followed by another is dropped', () => {
    const { state } = after(answerer(), [offer(5), offer(1, theirNext)])
    expect(after(state, [offer(6)]).effects).toEqual([])
  })

  test('[LK3] a call that crossed our offer is not heard', () => {
    const { state } = after(dialer(), [room('present')])
    expect(after(state, [call(theirs, 0)]).effects).toEqual([])
  })

  test('[LK3] candidates count, and only those of the current generation', () => {
    const { state } = after(dialer(), [room('present'), answer(1)])
    const candidate: PeerSignal = {
      type: 'candidate',
      candidate: { candidate: 'x', sdpMLineIndex: 0, sdpMid: '0' },
    }
    const of = (generation: number): LinkInput =>
      signal({
        type: 'channel',
        session: theirs,
        to: undefined,
        connection: { session: ours, generation },
        signal: candidate,
      })
    expect(after(state, [of(2)]).effects).toEqual([])
    expect(typesOf(after(state, [of(1)]).effects)).toEqual(['feed'])
    const flooded = after(
      state,
      Array.from({ length: limits.candidatesMax + 1 }, () => of(1)),
    )
    expect(flooded.effects).toEqual([])
  })
})

describe('handshake', () => {
  const opening = (): LinkState => after(dialer(), [room('present'), answer(1)]).state

  test('[LK6] up comes after hello and proof of both ends, whatever comes first', () => {
    const orders: readonly (readonly LinkInput[])[] = [
      [{ type: 'channel-open' }, hello(), { type: 'proof', right: true }],
      [hello(), { type: 'channel-open' }, { type: 'proof', right: true }],
    ]
    for (const order of orders) {
      let state = opening()
      const seen: string[] = []
      order.forEach((input, index) => {
        const step = stepLink(state, input, at(0))
        state = step.state
        seen.push(...typesOf(step.effects))
        expect(seen.includes('up')).toBe(index === order.length - 1)
      })
      expect(seen.filter((type) => type === 'hello')).toHaveLength(1)
      expect(seen.filter((type) => type === 'prove')).toHaveLength(1)
      // Never the proof before our own hello, nor a message before either.
      expect(seen.indexOf('hello')).toBeLessThan(seen.indexOf('prove'))
      expect(seen.indexOf('prove')).toBeLessThan(seen.indexOf('up'))
    }
  })

  test.each([
    ['a second hello', [...shaken.slice(0, 2), hello()], 'unexpected-hello'],
    ['a hello on an open link', [...shaken, hello()], 'unexpected-hello'],
    ['a proof before we said anything', [{ type: 'proof', right: true }], 'unexpected-proof'],
    [
      'a proof before a hello',
      [{ type: 'channel-open' }, { type: 'proof', right: true }],
      'unexpected-proof',
    ],
    ['a second proof', [...shaken, { type: 'proof', right: true }], 'unexpected-proof'],
  ] as const)('[LK8] %s is garbage', (_name, inputs, why) => {
    const { state, effects } = after(opening(), inputs)
    expect(state.phase.state).toBe('waiting')
    expect(effects).toContainEqual({
      type: 'report',
      problem: { type: 'garbage', peer: large, why },
    })
    expect(effects).toContainEqual({ type: 'frame', frame: { kind: 'bye', reason: 'garbage' } })
  })

  test('[LK7] another wire version is refused, said, and not tried again', () => {
    const { state, effects } = after(opening(), [{ type: 'channel-open' }, hello(2)])
    const refusal: Refusal = { code: 'wire-version', by: 'us', ours: 1, theirs: 2 }
    expect(effects).toEqual([
      { type: 'frame', frame: { kind: 'bye', reason: 'wire-version' } },
      { type: 'destroy' },
      { type: 'report', problem: { type: 'link-refused', peer: large, refusal } },
    ])
    expect(state).toMatchObject({ phase: waiting(undefined), refusal })
    expect(wakeAt(state)).toBeUndefined()
    expect(after(state, [call(theirs, 1)]).effects).toEqual([])
  })

  test('[LK7] whoever refuses another wire version before it said its own says it, too', () => {
    const { effects } = after(opening(), [hello(2)])
    const bye = { type: 'frame', frame: { kind: 'bye', reason: 'wire-version' } }
    expect(effects.slice(0, 3)).toEqual([{ type: 'hello' }, bye, { type: 'destroy' }])
  })

  test('[LK7] a peer that claims another id is refused', () => {
    const claimed = replicaId('3'.repeat(32))
    const { state } = after(opening(), [{ type: 'channel-open' }, hello(1, claimed)])
    expect(state).toMatchObject({ refusal: { code: 'identity', by: 'us', claimed } })
  })

  test('[LK7] a peer that refuses us is not tried again either', () => {
    const { state } = after(opening(), [{ type: 'bye', reason: 'wire-version' }])
    expect(state).toMatchObject({ refusal: { code: 'wire-version', by: 'peer' } })
    expect(wakeAt(state)).toBeUndefined()
  })

  test('[LK7] a refused peer that comes back as another page gets another chance', () => {
    const { state } = after(opening(), [{ type: 'channel-open' }, hello(2)])
    expect(typesOf(after(state, [call(theirNext, 0)]).effects)).toContain('connect')
    expect(typesOf(after(state, [room('absent'), room('present')]).effects)).toContain('connect')
  })

  test('[LK7] a refused dialer is heard again only as another session', () => {
    const { state } = after(answerer(), [offer(1), { type: 'channel-open' }, hello(2, small)])
    expect(after(state, [offer(2)]).effects).toEqual([])
    expect(typesOf(after(state, [offer(1, theirNext)]).effects)).toEqual(['connect', 'feed'])
  })
})

describe('secrets', () => {
  const opening = (): LinkState => after(dialer(), [room('present'), answer(1)]).state
  const unreadable: LinkInput = { type: 'unreadable' }

  test('[SE5] a peer that cannot prove what members know is refused, named, and tried again much later', () => {
    const refused = after(opening(), [
      { type: 'channel-open' },
      hello(),
      { type: 'proof', right: false },
    ])
    const refusal: Refusal = { code: 'proof', by: 'us' }
    expect(refused.effects).toEqual([
      { type: 'frame', frame: { kind: 'bye', reason: 'proof' } },
      { type: 'destroy' },
      { type: 'report', problem: { type: 'link-refused', peer: large, refusal } },
    ])
    expect(refused.state.refusal).toEqual(refusal)
    const wake = wakeAt(refused.state) ?? 0
    expect(wake).toBeGreaterThanOrEqual(limits.hopelessRetryMs / 2)
    const again = after(refused.state, [{ type: 'tick' }], at(wake))
    expect(typesOf(again.effects)).toEqual(['connect'])
    expect(again.state.refusal).toEqual(refusal)
  })

  test('[SE5] one that says that we could not prove it is left alone as long', () => {
    const { state } = after(opening(), [{ type: 'channel-open' }, { type: 'bye', reason: 'proof' }])
    expect(state.refusal).toEqual({ code: 'proof', by: 'peer' })
    expect(wakeAt(state)).toBeGreaterThanOrEqual(limits.hopelessRetryMs / 2)
  })

  test('[SE4] a peer whose signals are sealed with another secret is refused, and welcome once they are not', () => {
    for (const end of [dialer(), answerer()]) {
      const { state } = after(end, [room('present'), unreadable, unreadable])
      expect(state).toMatchObject({
        phase: { state: 'waiting' },
        refusal: { code: 'secret', by: 'us' },
      })
      expect(wakeAt(state)).toBeGreaterThanOrEqual(limits.hopelessRetryMs / 2)
    }
    const caller = after(dialer(), [room('present'), unreadable])
    const called = after(caller.state, [call(theirs, 0), { type: 'tick' }])
    expect(typesOf(called.effects)).toEqual(['connect'])
    expect(called.state.refusal).toBeUndefined()
    const offered = after(after(answerer(), [room('present'), unreadable]).state, [offer(1)])
    expect(typesOf(offered.effects)).toEqual(['connect', 'feed'])
  })

  test('[SE4] what a server says in the name of a peer that has come further harms nobody', () => {
    for (const state of [opening(), open(), openAnswerer()]) {
      expect(after(state, [unreadable])).toEqual({ state, effects: [] })
    }
  })

  test('[SE3] a signal for another life of this page is not heard', () => {
    const stale = signal({ type: 'call', session: theirs, to: theirNext, after: 0 })
    const { state } = after(dialer(), [room('present')])
    expect(after(state, [stale])).toEqual({ state, effects: [] })
  })

  test('[SE3] signals are for the life of the peer that was heard last, until the room says that it came anew', () => {
    const heard = after(answerer(), [room('present'), offer(1)]).state
    expect(heard.addressee).toBe(theirs)
    expect(after(heard, [room('rejoined')]).state.addressee).toBeUndefined()
    expect(after(heard, [room('rejoined'), offer(2)]).state.addressee).toBe(theirs)
    expect(after(heard, [{ type: 'bye', reason: 'leaving' }]).state.addressee).toBeUndefined()
  })
})

describe('failures', () => {
  test('[LK5] a generation that is not up in time fails', () => {
    const { state } = after(dialer(), [room('present')])
    expect(wakeAt(state)).toBe(limits.connectMsMax)
    const failed = after(state, [{ type: 'tick' }], at(limits.connectMsMax))
    expect(failed.state.phase.state).toBe('waiting')
    expect(failed.effects).toContainEqual({
      type: 'report',
      problem: { type: 'generation-failed', peer: large, generation: 1, why: 'connect-timeout' },
    })
  })

  test('[LK4] the first failure is retried fast, each further one later', () => {
    let { state } = after(dialer(), [room('present')])
    const delays: number[] = []
    let now = 0
    for (let n = 0; n < 8; n++) {
      const answered = answer(state.generation)
      const ended: LinkInput = { type: 'channel-ended', why: 'channel-failed' }
      state = after(state, [answered, ended], at(now)).state
      const wake = wakeAt(state) ?? Infinity
      delays.push(wake - now)
      now = wake
      state = after(state, [{ type: 'tick' }], at(now)).state
      expect(state.generation).toBe(n + 2)
    }
    expect(delays).toEqual([125, 250, 500, 1000, 2000, 4000, 5000, 30_000])
  })

  test('[LK23] a peer that answers no offer is dialled once a minute from the third one on', () => {
    let { state } = after(dialer(), [room('present')])
    const delays: number[] = []
    for (let n = 0; n < 4; n++) {
      const expired = wakeAt(state) ?? Infinity
      state = after(state, [{ type: 'tick' }], at(expired)).state
      const retry = wakeAt(state) ?? Infinity
      delays.push(retry - expired)
      state = after(state, [{ type: 'tick' }], at(retry)).state
    }
    expect(delays).toEqual([125, 250, 30_000, 30_000])
  })

  test('[LK23] once it says anything, it is dialled at once', () => {
    const { state } = after(dialer(), [room('present')])
    const asleep = after(state, [{ type: 'tick' }], at(limits.connectMsMax)).state
    expect(asleep.phase).toMatchObject({ state: 'waiting', unanswered: true })
    // It woke up and answers what it was offered long ago; or it calls.
    for (const input of [answer(1), call(theirs, 0)]) {
      expect(typesOf(after(asleep, [input]).effects)).toEqual(['connect'])
    }
  })

  test('[LK4] a link that lasted starts over with a fast retry, one that flaps does not', () => {
    const tired = { ...open(), failures: 6 }
    const end: LinkInput = { type: 'channel-ended', why: 'channel-failed' }
    const lasted = after(tired, [end], at(limits.stableAfterMs))
    expect(lasted.state.failures).toBe(1)
    expect(after(tired, [end], at(limits.stableAfterMs - 1)).state.failures).toBe(7)
  })

  test('[LK4] the answerer that lost its channel calls, and the dialer dials anew', () => {
    const lost = after(openAnswerer(), [
      room('present'),
      { type: 'channel-ended', why: 'channel-failed' },
    ])
    const called = after(lost.state, [{ type: 'tick' }], at(wakeAt(lost.state) ?? 0))
    expect(called.effects).toEqual([
      { type: 'signal', signal: { type: 'call', session: ours, after: 1 } },
    ])
    const heard = after(open(), [call(theirs, 1)])
    expect(typesOf(heard.effects)).toEqual(['destroy', 'down', 'report'])
    expect(wakeAt(heard.state)).toBe(125)
  })

  test('[LK12] without a server to signal by, nothing is retried until the room is back', () => {
    const { state } = after(open(), [
      room('unreachable'),
      { type: 'channel-ended', why: 'channel-failed' },
    ])
    expect(wakeAt(state)).toBeUndefined()
    expect(typesOf(after(state, [room('present')]).effects)).toEqual(['connect'])
  })

  test('[LK14] without a permit no peer connection is made, and the wait is said', () => {
    const refused = at(0, { mayConnect: false, connectionsMade: 64 })
    for (const link of [
      after(dialer(), [room('present')], refused),
      after(answerer(), [offer(1)], refused),
    ]) {
      expect(typesOf(link.effects)).toEqual(['report'])
      expect(wakeAt(link.state)).toBe(limits.retryMsMax)
    }
  })
})

describe('good-byes and other pages', () => {
  test('[LK11] a bye takes the link down at once, and nothing is tried until the peer shows up', () => {
    const { state, effects } = after(open(), [{ type: 'bye', reason: 'leaving' }])
    expect(typesOf(effects)).toEqual(['destroy', 'down'])
    expect(wakeAt(state)).toBeUndefined()
    expect(typesOf(after(state, [room('present')]).effects)).toEqual(['connect'])
    expect(typesOf(after(state, [call(theirNext, 0)]).effects)).toEqual(['connect'])
  })

  test('[LK11] after its bye, what a session still says is stale', () => {
    const { state } = after(open(), [{ type: 'bye', reason: 'leaving' }])
    expect(after(state, [call(theirs, 9)]).effects).toEqual([])
  })

  test('[LK4] a peer that gives up for another reason is retried', () => {
    const { state } = after(open(), [{ type: 'bye', reason: 'garbage' }])
    expect(wakeAt(state)).toBe(125)
  })

  test('[LK12] that a server lost an open peer changes nothing until the peer is asked', () => {
    const lost = after(open(), [room('absent')])
    expect([lost.state.phase.state, lost.effects]).toEqual(['open', []])
    const { state, effects } = after(lost.state, [{ type: 'probe' }])
    expect(state.phase.state).toBe('open')
    expect(typesOf(effects)).toEqual(['ping'])
  })

  test('[LK12] a link that is not yet open stops when the peer leaves', () => {
    for (const inputs of [[room('present')], [room('present'), answer(1)]]) {
      const { state, effects } = after(dialer(), [...inputs, room('absent')])
      expect(typesOf(effects)).toEqual(['destroy'])
      expect(wakeAt(state)).toBeUndefined()
    }
  })

  test('[LK13] a call of another session replaces the link at once', () => {
    const { state, effects } = after(open(), [call(theirNext, 0)])
    expect(typesOf(effects)).toEqual(['destroy', 'down', 'connect'])
    expect(state.generation).toBe(2)
  })

  test('[LK13] an offer of another session replaces the link at once', () => {
    const { state, effects } = after(openAnswerer(), [offer(1, theirNext)])
    expect(typesOf(effects)).toEqual(['destroy', 'down', 'connect', 'feed'])
    expect(state).toMatchObject({ generation: 1, theirSession: theirNext })
  })

  test('[LK13] a newer offer of the same session replaces the link too: the dialer gave it up', () => {
    const { effects } = after(openAnswerer(), [offer(2)])
    expect(typesOf(effects)).toEqual(['destroy', 'down', 'connect', 'feed'])
  })

  test('[LK13] a peer that only joined its server again keeps its link', () => {
    const { state, effects } = after(open(), [room('rejoined')])
    expect(state.phase.state).toBe('open')
    expect(typesOf(effects)).toEqual(['ping'])
  })

  test('[LK13] an offer that went to the page before is made again', () => {
    const { state, effects } = after(dialer(), [room('present'), room('rejoined')])
    expect(typesOf(effects)).toEqual(['destroy', 'connect'])
    expect(state.generation).toBe(2)
  })
})

describe('any sequence of inputs', () => {
  const sessions = [theirs, theirNext, 'eeeeeeeeeeeeeeee']
  const anySignal = fc.oneof(
    fc
      .record({ session: fc.constantFrom(...sessions), count: fc.nat(4) })
      .map(({ session, count }) => call(session, count)),
    fc
      .record({ session: fc.constantFrom(...sessions), n: fc.integer({ min: 1, max: 4 }) })
      .map(({ session, n }) => offer(n, session)),
    fc
      .record({ session: fc.constantFrom(...sessions), n: fc.integer({ min: 1, max: 4 }) })
      .map(({ session, n }) => answer(n, session)),
  )
  const anyInput: fc.Arbitrary<LinkInput> = fc.oneof(
    fc
      .constantFrom('present', 'rejoined', 'absent', 'unreachable')
      .map((event) => room(event as 'present')),
    anySignal,
    fc.constantFrom<LinkInput>(
      { type: 'channel-open' },
      { type: 'channel-ended', why: 'channel-failed' },
      { type: 'proof', right: true },
      { type: 'proof', right: false },
      { type: 'bye', reason: 'leaving' },
      { type: 'bye', reason: 'identity' },
      { type: 'bye', reason: 'failed' },
      { type: 'bye', reason: 'proof' },
      { type: 'unreadable' },
      { type: 'garbage', why: 'magic' },
      { type: 'tick' },
      { type: 'tick' },
      { type: 'probe' },
      hello(),
      hello(1, small),
      hello(2),
    ),
  )
  const anyStep = fc.record({
    input: anyInput,
    passed: fc.constantFrom(0, 1, 500, 1000, 3000, 20_000),
    mayConnect: fc.boolean(),
    heard: fc.boolean(),
  })

  test('[LK22] at most one channel, up and down by turns, generations that only grow', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(anyStep, { maxLength: 60 }), (dials, steps) => {
        let state = dials ? dialer() : answerer()
        let now = 0
        let heardAt = 0
        let channel = false
        let up = false
        for (const { input, passed, mayConnect, heard } of steps) {
          now += passed
          if (heard) heardAt = now
          const before = state
          const step = stepLink(state, input, at(now, { mayConnect, heardAt, random: 0.5 }))
          state = step.state
          for (const effect of step.effects) {
            if (effect.type === 'connect') {
              expect(channel).toBe(false)
              expect(mayConnect).toBe(true)
              expect(effect.initiator).toBe(dials)
              channel = true
            } else if (effect.type === 'destroy') {
              expect(channel).toBe(true)
              channel = false
            } else if (effect.type === 'up' || effect.type === 'down') {
              expect(up).toBe(effect.type === 'down')
              up = effect.type === 'up'
            } else if (['feed', 'hello', 'prove', 'ping', 'frame'].includes(effect.type)) {
              expect(channel).toBe(true)
            }
          }
          expect(up).toBe(state.phase.state === 'open')
          if (dials) expect(state.generation).toBeGreaterThanOrEqual(before.generation)
          expect(state.retired.length).toBeLessThanOrEqual(8)
          expect(state.retired).not.toContain(state.theirSession)
        }
      }),
      { seed, numRuns: 3000 },
    )
  })

  test('[LK22] a tick at the time that was asked for always changes something', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(anyStep, { maxLength: 40 }), (dials, steps) => {
        let state = dials ? dialer() : answerer()
        let now = 0
        for (const { input, passed } of steps) {
          now += passed
          state = stepLink(state, input, at(now)).state
        }
        const wake = wakeAt(state)
        if (wake === undefined) return
        const later = Math.max(now, wake)
        const ticked = stepLink(state, { type: 'tick' }, at(later)).state
        expect(wakeAt(ticked) ?? Infinity).toBeGreaterThan(later)
      }),
      { seed, numRuns: 1000 },
    )
  })
})
