import { describe, expect, test } from 'vitest'
import { idOf, MeshWorld, start, type Inhabitant } from './testing/mesh-world.ts'
import { settled } from './testing/manual-timers.ts'

const stateOf = (who: Inhabitant, peer: string): string | undefined =>
  who.mesh.links().find((link) => link.peer === idOf(peer))?.state
const generationOf = (who: Inhabitant, peer: string): number | undefined =>
  who.mesh.links().find((link) => link.peer === idOf(peer))?.generation
const whysOf = (who: Inhabitant): string[] =>
  who.problems.flatMap((problem) => (problem.type === 'generation-failed' ? [problem.why] : []))
const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => at)

describe('coming up', () => {
  test('[LK1] [LK6] all pairs of a room link, each by one peer connection an end', async () => {
    const world = new MeshWorld()
    const all = [await world.opened('1'), await world.opened('2'), await world.opened('3')]
    await world.timers.advance(100)
    for (const who of all) {
      expect(who.mesh.links().map(({ state }) => state)).toEqual(['open', 'open'])
      expect(who.mesh.connectionsMade()).toBe(2)
      expect(who.told.filter((line) => line.endsWith('up'))).toHaveLength(2)
      expect(who.problems).toEqual([])
    }
  })

  test('[LK1] peers that join at the same moment do not dial twice', async () => {
    const world = new MeshWorld()
    const all = ['1', '2', '3', '4'].map((digit) => world.inhabitant(digit))
    for (const { mesh } of all) mesh.open()
    await world.timers.advance(100)
    for (const who of all) {
      expect(who.mesh.connectionsMade()).toBe(3)
      expect(who.mesh.links().every(({ state }) => state === 'open')).toBe(true)
    }
  })

  test('[LK2] alone in the room, no peer connection is made', async () => {
    const world = new MeshWorld()
    const one = await world.opened('1')
    await world.timers.advance(60_000)
    expect(one.mesh.connectionsMade()).toBe(0)
    expect(one.mesh.links()).toEqual([])
  })

  test('[LK6] a link that came up before `start` is told of afterwards, not within it', async () => {
    const world = new MeshWorld()
    const one = await world.opened('1', { started: false })
    const two = await world.opened('2')
    await world.timers.advance(50)
    two.mesh.send(one.id, bytes(4), 'data')
    await world.timers.advance(10)
    expect(one.mesh.links()[0]).toMatchObject({ state: 'open', droppedFrames: 1 })
    start(one)
    expect(one.told).toEqual([])
    await settled()
    expect(one.told).toEqual(['2 up'])
  })

  test('[LK6] whatever is sent at once on `up` arrives after the `up` of the other end', async () => {
    const world = new MeshWorld()
    const one = await world.opened('1')
    const two = await world.opened('2')
    for (let n = 0; n < 100 && one.told.length === 0; n++) await world.timers.advance(1)
    expect(one.mesh.send(two.id, bytes(5), 'control')).toBe(true)
    await world.timers.advance(20)
    expect(two.told).toEqual(['1 up', '1 5'])
    expect(two.mesh.links()[0]?.droppedFrames).toBe(0)
  })
})

describe('messages', () => {
  test('[WI3] small and large messages arrive as they were sent, both ways', async () => {
    const world = new MeshWorld()
    const [one, two] = await world.linked('1', '2')
    for (const length of [0, 1, 100, 16_379, 16_380, 300_000]) {
      one.mesh.send(two.id, bytes(length), 'data')
      two.mesh.send(one.id, bytes(length), 'data')
    }
    await world.timers.advance(200)
    for (const who of [one, two]) {
      expect(who.messages.map((m) => m.bytes.length)).toEqual([0, 1, 100, 16_379, 16_380, 300_000])
      for (const { bytes: got } of who.messages) {
        expect(Buffer.compare(got, bytes(got.length))).toBe(0)
      }
    }
  })

  test('[LK20] no message and no link is told of from within a call', async () => {
    const world = new MeshWorld()
    const [one, two] = await world.linked('1', '2')
    const before = [one.told.length, two.told.length]
    one.mesh.send(two.id, bytes(10), 'control')
    one.mesh.probe()
    world.network.endsOf('1')[0]?.break('broken')
    one.mesh.send(two.id, bytes(10), 'control')
    expect([one.told.length, two.told.length]).toEqual(before)
    two.mesh.closeNow()
    expect([one.told.length, two.told.length]).toEqual(before)
  })

  test('[WI8] to nobody, and beyond the limits, `send` says false', async () => {
    const world = new MeshWorld()
    const [one, two] = await world.linked('1', '2', {
      messageBytesMax: 1000,
      reassemblyBytesMax: 1000,
    })
    expect(one.mesh.send(idOf('9'), bytes(1), 'data')).toBe(false)
    expect(one.mesh.send(two.id, bytes(1001), 'data')).toBe(false)
    expect(one.mesh.send(two.id, bytes(1000), 'data')).toBe(true)
    expect(one.mesh.links()[0]?.droppedFrames).toBe(1)
    expect(one.problems).toContainEqual({
      type: 'frames-dropped',
      peer: two.id,
      why: 'too-large',
      dropped: 1,
    })
  })

  test('[WI8] [WI9] a flood is refused when the queue is full, reported once, and recovers', async () => {
    const world = new MeshWorld()
    const [one, two] = await world.linked('1', '2')
    world.network.stall('1')
    let sent = 0
    while (one.mesh.send(two.id, bytes(10_000), 'data')) sent += 1
    for (let n = 0; n < 10; n++) expect(one.mesh.send(two.id, bytes(10_000), 'data')).toBe(false)
    await settled()
    const [link] = one.mesh.links()
    expect(link?.droppedFrames).toBe(11)
    expect(one.problems.filter(({ type }) => type === 'frames-dropped')).toHaveLength(1)
    world.network.unstall('1')
    await world.timers.advance(500)
    expect(two.messages).toHaveLength(sent)
    expect(one.mesh.send(two.id, bytes(10_000), 'data')).toBe(true)
  })

  test('[WI9] the channel never holds much more than the window', async () => {
    const world = new MeshWorld()
    const [one, two] = await world.linked('1', '2')
    world.network.stall('1')
    for (let n = 0; n < 100; n++) one.mesh.send(two.id, bytes(20_000), 'data')
    await settled()
    const [end] = world.network.endsOf('1')
    expect(end?.bufferedBytes()).toBeGreaterThanOrEqual(256 * 1024)
    expect(end?.bufferedBytes()).toBeLessThan(272 * 1024)
  })

  test('[WI7] control that is queued last is read first', async () => {
    const world = new MeshWorld()
    const [one, two] = await world.linked('1', '2')
    world.network.stall('1')
    for (let n = 0; n < 100; n++) one.mesh.send(two.id, bytes(10_000), 'data')
    await settled()
    one.mesh.send(two.id, bytes(7), 'control')
    world.network.unstall('1')
    await world.timers.advance(500)
    const place = two.messages.findIndex((m) => m.bytes.length === 7)
    // Behind what the channel held already, before all that waited.
    expect(place).toBeGreaterThan(0)
    expect(place).toBeLessThan(40)
  })
})

describe('refusals', () => {
  test('[LK7] another wire version gets no link, and both ends see why', async () => {
    const world = new MeshWorld()
    const one = await world.opened('1', { wireVersion: 1 })
    const two = await world.opened('2', { wireVersion: 2 })
    await world.timers.advance(60_000)
    for (const who of [one, two]) {
      expect(who.told).toEqual([])
      expect(who.mesh.connectionsMade()).toBe(1)
      expect(who.mesh.links()[0]).toMatchObject({
        state: 'waiting',
        refused: { code: 'wire-version' },
      })
      expect(who.problems.map(({ type }) => type)).toEqual(['link-refused'])
    }
  })

  test('[LK8] garbage ends that generation alone, is reported, and the link comes back', async () => {
    const world = new MeshWorld()
    const one = await world.opened('1')
    const [two, three] = await world.linked('2', '3')
    await world.timers.advance(100)
    const all = [one, two, three]
    const open = () => all.flatMap(({ mesh }) => mesh.links()).filter((l) => l.state === 'open')
    // The last channel of 2 is the one that it dialled to 3.
    world.network
      .endsOf('2')
      .at(-1)
      ?.send(new Uint8Array([1, 2, 3]))
    await world.timers.advance(10)
    expect(three.problems).toContainEqual({ type: 'garbage', peer: two.id, why: 'magic' })
    expect(open()).toHaveLength(4)
    expect(one.problems).toEqual([])
    await world.timers.advance(1000)
    expect(open()).toHaveLength(6)
  })
})

describe('failures', () => {
  test('[LK4] a channel that breaks is replaced within a second', async () => {
    const world = new MeshWorld()
    const [one, two] = await world.linked('1', '2')
    world.network.endsOf('1')[0]?.break('broken')
    await world.timers.advance(5)
    expect(one.told).toEqual(['2 up', '2 down'])
    await world.timers.advance(1000)
    expect(one.told).toEqual(['2 up', '2 down', '2 up'])
    expect(two.told).toEqual(['1 up', '1 down', '1 up'])
    expect(whysOf(one)).toEqual(['channel-failed'])
    expect(generationOf(one, '2')).toBe(2)
  })

  test('[LK9] [LK4] a cut that nobody reports is noticed, and healed links come back', async () => {
    const world = new MeshWorld()
    const [one, two] = await world.linked('1', '2')
    world.network.cut('1', '2')
    world.network.cut('2', '1')
    await world.timers.advance(8000)
    expect(one.told).toEqual(['2 up', '2 down'])
    expect(two.told).toEqual(['1 up', '1 down'])
    expect(whysOf(one)[0]).toBe('silent')
    world.network.heal('1', '2')
    world.network.heal('2', '1')
    await world.timers.advance(40_000)
    expect(stateOf(one, '2')).toBe('open')
    expect(stateOf(two, '1')).toBe('open')
  })

  test('[LK9] a cut of one direction ends the link at both ends', async () => {
    const world = new MeshWorld()
    const [one, two] = await world.linked('1', '2')
    world.network.cut('1', '2')
    await world.timers.advance(20_000)
    expect(one.told).toContain('2 down')
    expect(two.told).toContain('1 down')
  })

  test('[LK3] [LK5] offers that are lost are made again until one arrives', async () => {
    const world = new MeshWorld()
    world.server().losesSignals = true
    const one = await world.opened('1')
    const two = await world.opened('2')
    await world.timers.advance(20_000)
    expect(whysOf(one)).toEqual(['connect-timeout'])
    world.server().losesSignals = false
    await world.timers.advance(20_000)
    expect([stateOf(one, '2'), stateOf(two, '1')]).toEqual(['open', 'open'])
  })

  test('[LK14] a peer that never connects uses up peer connections slowly', async () => {
    const world = new MeshWorld()
    world.network.cut('1', '2')
    const one = await world.opened('1', { limits: { connectMsMax: 10, connectionsBurst: 3 } })
    await world.opened('2')
    await world.timers.advance(60_000)
    expect(one.mesh.connectionsMade()).toBeGreaterThan(5)
    expect(one.mesh.connectionsMade()).toBeLessThan(35)
  })

  test('[LK14] a platform that has no peer connection left is a failure as any other', async () => {
    const world = new MeshWorld()
    const one = await world.opened('1')
    world.network.refuse('1')
    await world.opened('2')
    await world.timers.advance(100)
    expect(whysOf(one)).toContain('channel-failed')
    world.network.refuse('1', false)
    await world.timers.advance(30_000)
    expect(stateOf(one, '2')).toBe('open')
  })

  test('[LK10] a page that was frozen for a minute keeps the links of living peers', async () => {
    const world = new MeshWorld()
    const [one] = await world.linked('1', '2')
    await world.timers.sleep(60_000)
    await world.timers.advance(10_000)
    expect(one.told).toEqual(['2 up'])
  })
})

describe('leaving and coming back', () => {
  test('[LK15] [LK11] `closeNow` hands over what is queued, says bye and leaves, all in one turn', async () => {
    const world = new MeshWorld()
    const [one, two] = await world.linked('1', '2')
    one.mesh.send(two.id, bytes(20_000), 'data')
    one.mesh.send(two.id, bytes(3), 'control')
    one.mesh.closeNow()
    expect(world.timers.pending()).toBeGreaterThan(0)
    await world.timers.advance(10)
    expect(two.told).toEqual(['1 up', '1 3', '1 20000', '1 down'])
    expect(two.problems).toEqual([])
    expect(world.server().received.at(-1)).toEqual({ type: 'leave' })
    expect(two.mesh.links()).toEqual([])
    expect(one.told).toEqual(['2 up'])
  })

  test('[LK15] after `closeNow` nothing is sent, nothing is told, and no timer is left', async () => {
    const world = new MeshWorld()
    const [one, two] = await world.linked('1', '2')
    two.mesh.closeNow()
    one.mesh.closeNow()
    await world.timers.advance(5)
    expect(world.timers.pending()).toBe(0)
    const told = [...one.told]
    one.mesh.open()
    one.mesh.probe()
    expect(one.mesh.send(two.id, bytes(1), 'data')).toBe(false)
    await world.timers.advance(60_000)
    expect(one.told).toEqual(told)
    expect(one.mesh.links()).toEqual([])
    expect(one.mesh.rendezvous().state).toBe('offline')
  })

  test('[LK15] `close` waits for what is queued, but not for ever', async () => {
    const world = new MeshWorld()
    const [one, two] = await world.linked('1', '2')
    one.mesh.send(two.id, bytes(2_000_000), 'data')
    const closing = one.mesh.close()
    await world.timers.advance(1000)
    await closing
    expect(two.messages.map((m) => m.bytes.length)).toEqual([2_000_000])
    world.network.stall('2')
    const three = await world.opened('3')
    await world.timers.advance(100)
    two.mesh.send(three.id, bytes(10), 'data')
    const stuck = two.mesh.close()
    await world.timers.advance(2000)
    await stuck
    expect(two.mesh.links()).toEqual([])
  })

  test('[LK13] a page that is reloaded replaces its link at once, whoever dials', async () => {
    for (const [stays, reloads] of [
      ['1', '2'],
      ['2', '1'],
    ] as const) {
      const world = new MeshWorld()
      const [stayer] = await world.linked(stays, reloads)
      // The old page dies without a word: no bye, no close of its channels.
      world.network.cut(reloads, stays)
      world.network.cut(stays, reloads)
      const next = await world.opened(reloads, { owner: `${reloads} again` })
      await world.timers.advance(100)
      expect(stayer.told).toEqual([`${reloads} up`, `${reloads} down`, `${reloads} up`])
      expect(next.told).toEqual([`${stays} up`])
      stayer.mesh.send(idOf(reloads), bytes(9), 'data')
      await world.timers.advance(10)
      expect(next.told).toEqual([`${stays} up`, `${stays} 9`])
    }
  })

  test('[LK12] a peer whose socket died keeps its open link if it still answers', async () => {
    const world = new MeshWorld()
    const [one, two] = await world.linked('1', '2')
    world.server().closeSocketOf(two.id)
    await world.timers.advance(10_000)
    expect(one.told).toEqual(['2 up'])
    expect(two.told).toEqual(['1 up'])
    expect(one.mesh.connectionsMade()).toBe(1)
  })

  test('[LK12] a peer whose socket died and who does not answer is down soon', async () => {
    const world = new MeshWorld()
    const [one, two] = await world.linked('1', '2')
    world.network.cut('2', '1')
    world.server().closeSocketOf(two.id)
    await world.timers.advance(1100)
    expect(one.told).toEqual(['2 up', '2 down'])
    expect(whysOf(one)).toEqual(['probe-unanswered'])
  })

  test('[LK12] whose bye comes soon after the server lost it is not asked', async () => {
    const world = new MeshWorld()
    const [one, two] = await world.linked('1', '2')
    world.server().closeSocketOf(two.id)
    await world.timers.advance(20)
    expect(one.told).toEqual(['2 up'])
    two.mesh.closeNow()
    await world.timers.advance(200)
    expect(one.told).toEqual(['2 up', '2 down'])
    expect(one.suspected).toEqual([])
  })

  test('[LK17] a server that goes away disturbs no open link, and new peers wait for its return', async () => {
    const world = new MeshWorld()
    const [one, two] = await world.linked('1', '2')
    world.server().stop()
    await world.timers.advance(30_000)
    expect([one.told, two.told]).toEqual([['2 up'], ['1 up']])
    expect(one.mesh.rendezvous().state).toBe('offline')
    expect(one.mesh.rendezvous().peers).toEqual([two.id])
    const three = await world.opened('3')
    world.server().down = false
    await world.timers.advance(15_000)
    expect(one.mesh.rendezvous().state).toBe('online')
    expect(three.told.sort()).toEqual(['1 up', '2 up'])
    expect(one.told).toEqual(['2 up', '3 up'])
  })

  test('[LK2] more peers than links are allowed are said, and get a link when one is free', async () => {
    const world = new MeshWorld()
    const one = await world.opened('1', { limits: { linksMax: 1 } })
    const two = await world.opened('2')
    const three = await world.opened('3')
    await world.timers.advance(100)
    expect(one.told).toEqual(['2 up'])
    expect(one.problems).toEqual([{ type: 'too-many-peers', peer: three.id }])
    two.mesh.closeNow()
    await world.timers.advance(30_000)
    expect(one.told).toEqual(['2 up', '2 down', '3 up'])
  })
})

describe('what can be observed', () => {
  test('[LK20] listeners are told once a turn, and one that throws is reported and hurts nobody', async () => {
    const world = new MeshWorld()
    const one = world.inhabitant('1')
    let told = 0
    one.mesh.subscribe(() => {
      throw new Error('mine')
    })
    const stop = one.mesh.subscribe(() => (told += 1))
    one.mesh.open()
    await world.timers.advance(10)
    expect(told).toBeGreaterThan(0)
    expect(one.problems).toContainEqual({ type: 'callback-threw', cause: new Error('mine') })
    stop()
    const before = told
    await world.opened('2')
    await world.timers.advance(100)
    expect(told).toBe(before)
    expect(stateOf(one, '2')).toBe('open')
  })

  test('[LK20] a replica that throws is reported, and the link goes on', async () => {
    const world = new MeshWorld()
    const one = world.inhabitant('1')
    one.mesh.start({
      onLink: () => undefined,
      onMessage: () => {
        throw new Error('theirs')
      },
    })
    one.mesh.open()
    await world.timers.advance(10)
    const two = await world.opened('2')
    await world.timers.advance(100)
    two.mesh.send(one.id, bytes(1), 'data')
    two.mesh.send(one.id, bytes(2), 'data')
    await world.timers.advance(10)
    expect(one.problems.filter(({ type }) => type === 'callback-threw')).toHaveLength(2)
    expect(stateOf(one, '2')).toBe('open')
  })

  test('[LK20] snapshots are the same objects until something changes', async () => {
    const world = new MeshWorld()
    const [one] = await world.linked('1', '2')
    expect(one.mesh.links()).toBe(one.mesh.links())
    expect(one.mesh.rendezvous()).toBe(one.mesh.rendezvous())
    const before = one.mesh.links()
    await world.timers.advance(1100)
    expect(one.mesh.links()).not.toBe(before)
  })

  test('[LK9] an open link knows its round trip', async () => {
    const world = new MeshWorld()
    const [one] = await world.linked('1', '2')
    await world.timers.advance(3000)
    expect(one.mesh.links()[0]).toMatchObject({
      state: 'open',
      generation: 1,
      attempt: 0,
      rttMs: 2,
    })
  })

  test('[WI10] a signal that is none is reported', async () => {
    const world = new MeshWorld()
    const [one, two] = await world.linked('1', '2')
    world.server().say(JSON.stringify({ type: 'signal', from: two.id, data: 'nonsense' }), one.id)
    await world.timers.advance(10)
    expect(one.problems).toEqual([{ type: 'signal-refused', peer: two.id }])
    expect(one.told).toEqual(['2 up'])
  })

  test('[LK19] a probe finds a dead link within a second or so, and retries what waits', async () => {
    const world = new MeshWorld()
    const [one] = await world.linked('1', '2')
    world.network.cut('2', '1')
    one.mesh.probe()
    await world.timers.advance(1050)
    expect(one.told).toEqual(['2 up', '2 down'])
  })
})
