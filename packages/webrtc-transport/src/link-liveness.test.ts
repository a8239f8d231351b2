import { describe, expect, test } from 'vitest'
import { replicaId } from '@unanimous/core'
import { meshLimits } from './limits.ts'
import { onProbe, onTick } from './link-liveness.ts'
import {
  newLink,
  waiting,
  wakeAt,
  type LinkState,
  type LinkStep,
  type Moment,
} from './link-state.ts'

const limits = meshLimits()
const { pingEveryMs, silenceMsMax, lateTimerMsMax, probeMsMin } = limits

/** A link that opened at 0 and pings next at that time. */
function open(nextPingAt = pingEveryMs): LinkState {
  const self = replicaId('1'.repeat(32))
  const peer = replicaId('2'.repeat(32))
  const config = { self, peer, session: 'aaaaaaaaaaaaaaaa', wireVersion: 1, limits }
  return {
    ...newLink(config, 0, 0),
    reachable: true,
    generation: 1,
    phase: {
      state: 'open',
      openedAt: 0,
      nextPingAt,
      probe: undefined,
      quietFrom: 0,
      forgiven: 0,
    },
  }
}

function at(now: number, heardAt: number, rttMs = 5): Moment {
  return { now, random: 0, mayConnect: true, connectionsMade: 0, heardAt, rttMs }
}

/** Ticks whenever the link asks for one, until `until` or until it is no longer open. */
function run(start: LinkState, until: number, heardAt: (now: number) => number): LinkState {
  let state = start
  for (;;) {
    const now = wakeAt(state) ?? Infinity
    if (now > until || state.phase.state !== 'open') return state
    state = onTick(state, at(now, heardAt(now))).state
  }
}

const whyOf = (step: LinkStep): string | undefined =>
  step.effects
    .flatMap((effect) =>
      effect.type === 'report' && effect.problem.type === 'generation-failed'
        ? [effect.problem.why]
        : [],
    )
    .at(0)

describe('silence', () => {
  test('[LK9] an open link pings once in each period', () => {
    let state = open()
    let pings = 0
    for (let now = 0; now <= 10_000; now += 100) {
      const step = onTick(state, at(now, now))
      state = step.state
      pings += step.effects.filter(({ type }) => type === 'ping').length
    }
    expect(pings).toBe(10)
  })

  test('[LK9] a link that brings nothing for too long is replaced, one that brings something is not', () => {
    expect(run(open(), 60_000, (now) => now - 4000).phase.state).toBe('open')
    const silent = run(open(), 60_000, () => 0)
    expect(silent.phase).toMatchObject({ state: 'waiting' })
    expect(silent.since).toBe(silenceMsMax + pingEveryMs)
  })

  test('[LK9] the reason is silence', () => {
    expect(whyOf(onTick(open(6000), at(6000, 0)))).toBe('silent')
  })
})

describe('late timers', () => {
  test('[LK10] a timer that comes very late excuses the silence and asks first', () => {
    const step = onTick(open(), at(60_000, 0))
    expect(step.effects).toEqual([{ type: 'ping' }])
    expect(step.state.phase).toMatchObject({ state: 'open', probe: { at: 60_000 } })
  })

  test('[LK10] a timer that is late within reason excuses nothing', () => {
    const now = 9000 + lateTimerMsMax
    const step = onTick(open(9000), at(now, now - silenceMsMax - 1))
    expect(whyOf(step)).toBe('silent')
  })

  test('[LK10] a peer that answers after we slept keeps its link', () => {
    const { state } = onTick(open(), at(60_000, 0))
    const answered = run(state, 70_000, (now) => now - 10)
    expect(answered.phase.state).toBe('open')
  })

  test('[LK10] a peer that does not is replaced after the time of a probe', () => {
    const { state } = onTick(open(), at(60_000, 0))
    const step = onTick(state, at(60_000 + probeMsMin, 0))
    expect(whyOf(step)).toBe('probe-unanswered')
  })

  test('[LK10] a page that is always late still notices a dead peer', () => {
    let state = open()
    let now = 0
    let slept = 0
    while (state.phase.state === 'open') {
      now += 60_000
      slept += 1
      state = onTick(state, at(now, 0)).state
    }
    expect(slept).toBe(4)
  })

  test('[LK10] hearing something in between makes the excuse new', () => {
    let state = open()
    for (let now = 60_000; now <= 600_000; now += 60_000) {
      state = onTick(state, at(now, now - 30_000)).state
    }
    expect(state.phase.state).toBe('open')
  })
})

describe('probes', () => {
  test('[LK19] a probe pings at once and waits four round trips, but neither less nor more than the limits', () => {
    for (const [rttMs, wait] of [
      [5, probeMsMin],
      [600, 2400],
      [60_000, silenceMsMax],
    ] as const) {
      const { state, effects } = onProbe(open(), at(100, 100, rttMs))
      expect(effects).toEqual([{ type: 'ping' }])
      expect(state.phase).toMatchObject({ probe: { at: 100, by: 100 + wait } })
    }
  })

  test('[LK19] anything that comes after it answers a probe', () => {
    const probed = onProbe(open(), at(100, 50)).state
    expect(run(probed, 30_000, (now) => now).phase.state).toBe('open')
  })

  test('[LK19] what came before it does not', () => {
    const probed = onProbe(open(), at(100, 50)).state
    const tick = onTick(onTick(probed, at(1000, 50)).state, at(1100, 50))
    expect(whyOf(tick)).toBe('probe-unanswered')
  })

  test('[LK19] a second probe neither pings again nor gives more time', () => {
    const probed = onProbe(open(), at(100, 50)).state
    expect(onProbe(probed, at(900, 50))).toEqual({ state: probed, effects: [] })
  })

  test('[LK19] a link that waits for its retry is retried at once', () => {
    const down: LinkState = {
      ...open(),
      phase: waiting(9000),
    }
    expect(wakeAt(onProbe(down, at(100, 0)).state)).toBe(100)
  })
})
