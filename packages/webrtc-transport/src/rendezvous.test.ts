import { describe, expect, test } from 'vitest'
import { MeshWorld, idOf } from './testing/mesh-world.ts'
import { signalingVersion } from '@unanimous/signaling-protocol'

const urls = ['first', 'second']
const faultsOf = (problems: readonly { readonly type: string }[]): unknown[] =>
  problems.filter(({ type }) => type === 'signaling')

describe('the order of the room', () => {
  test('[LK16] the others are listed earliest first, and only the first comer is one', async () => {
    const world = new MeshWorld()
    const one = await world.opened('1')
    const two = await world.opened('2')
    const three = await world.opened('3')
    expect(one.mesh.rendezvous()).toMatchObject({
      answered: true,
      earlier: [],
      state: 'online',
    })
    expect(two.mesh.rendezvous()).toMatchObject({ answered: true, earlier: [one.id] })
    expect(one.mesh.rendezvous().peers).toEqual([two.id, three.id])
    expect(three.mesh.rendezvous().peers).toEqual([one.id, two.id])
  })

  test('[LK16] who is the last of those that came before becomes the first comer', async () => {
    const world = new MeshWorld()
    const one = await world.opened('1')
    const two = await world.opened('2')
    await world.opened('3')
    one.mesh.closeNow()
    await world.timers.advance(10)
    expect(two.mesh.rendezvous().earlier).toEqual([])
  })

  test('[LK16] a peer that comes back is the last', async () => {
    const world = new MeshWorld()
    const one = await world.opened('1')
    await world.opened('2')
    const three = await world.opened('3')
    world.server().closeSocketOf(idOf('2'))
    await world.timers.advance(5000)
    expect(one.mesh.rendezvous().peers).toEqual([three.id, idOf('2')])
  })

  test('[LK16] the first listed server decides, even if another one answers sooner', async () => {
    const world = new MeshWorld()
    world.server('first').mute = true
    // On the second server alone, 2 is the first comer.
    const two = await world.opened('2', { urls })
    expect(two.mesh.rendezvous()).toMatchObject({ state: 'online', answered: false })
    await world.timers.advance(3000)
    expect(two.mesh.rendezvous()).toMatchObject({ answered: true, earlier: [] })
  })

  test('[LK16] a server that refuses keeps nobody from deciding', async () => {
    const world = new MeshWorld()
    world.server('first').down = true
    const one = await world.opened('1', { urls })
    expect(one.mesh.rendezvous()).toMatchObject({ answered: true, earlier: [] })
    expect(one.mesh.rendezvous().lastError).toMatchObject({ url: 'first', why: 'closed' })
  })

  test('[LK16] peers that share any server link, by two servers once', async () => {
    const world = new MeshWorld()
    world.server('first').down = true
    const one = await world.opened('1', { urls })
    world.server('first').down = false
    const two = await world.opened('2', { urls: ['second', 'third'] })
    const three = await world.opened('3', { urls })
    await world.timers.advance(30_000)
    for (const who of [one, two, three]) {
      expect(who.mesh.links().map(({ state }) => state)).toEqual(['open', 'open'])
      expect(who.mesh.connectionsMade()).toBe(2)
    }
  })

  test('[LK16] [LK3] a server that loses signals is passed by on the next attempt', async () => {
    const world = new MeshWorld()
    world.server('first').losesSignals = true
    const one = await world.opened('1', { urls })
    const two = await world.opened('2', { urls })
    await world.timers.advance(20_000)
    expect(one.told).toEqual(['2 up'])
    expect(two.told).toEqual(['1 up'])
  })
})

describe('one server', () => {
  test('[LK17] one that never answers is left and tried again', async () => {
    const world = new MeshWorld()
    world.server().mute = true
    const one = await world.opened('1')
    expect(one.mesh.rendezvous().state).toBe('connecting')
    await world.timers.advance(10_000)
    expect(one.mesh.rendezvous()).toMatchObject({ state: 'offline', answered: false })
    world.server().mute = false
    await world.timers.advance(1000)
    expect(one.mesh.rendezvous()).toMatchObject({ state: 'online', answered: true })
  })

  test('[LK17] one that stops answering is noticed by its pings', async () => {
    const world = new MeshWorld()
    const one = await world.opened('1')
    await world.timers.advance(60_000)
    expect(one.mesh.rendezvous().state).toBe('online')
    expect(world.server().received.filter(({ type }) => type === 'ping')).toHaveLength(4)
    world.server().mute = true
    await world.timers.advance(46_000)
    expect(one.mesh.rendezvous()).toMatchObject({
      state: 'offline',
      lastError: { why: 'unanswered' },
    })
  })

  test('[LK17] one that refuses is dialled less and less often', async () => {
    const world = new MeshWorld()
    world.server().down = true
    const one = await world.opened('1')
    await world.timers.advance(60_000)
    const dialled = world.server().dialled
    expect(dialled).toBeGreaterThan(8)
    expect(dialled).toBeLessThan(16)
    expect(faultsOf(one.problems)).toHaveLength(dialled)
  })

  test('[LK17] one that says it goes away is given the time that it asks for', async () => {
    const world = new MeshWorld()
    const one = await world.opened('1')
    world.server().say({ type: 'closing', why: 'restart', reconnectAfterMs: 20_000 })
    await world.timers.advance(5)
    expect(one.mesh.rendezvous()).toMatchObject({ state: 'online', lastError: { why: 'closing' } })
    world.server().stop('restart')
    world.server().down = false
    await world.timers.advance(20_000)
    expect(world.server().dialled).toBe(1)
    await world.timers.advance(1000)
    expect(one.mesh.rendezvous().state).toBe('online')
  })

  test('[LK17] a peer that joined elsewhere under the same id is not fought over', async () => {
    const world = new MeshWorld()
    const one = await world.opened('1')
    const again = await world.opened('1', { owner: '1 again' })
    await world.timers.advance(60_000)
    expect(world.server().dialled).toBe(2)
    expect(one.mesh.rendezvous()).toMatchObject({
      state: 'offline',
      lastError: { why: 'given-up' },
    })
    expect(again.mesh.rendezvous().state).toBe('online')
  })

  test('[LK17] one that is full is asked again later than one that broke', async () => {
    const world = new MeshWorld()
    const one = await world.opened('1')
    world.server().stop('server-full')
    world.server().down = false
    await world.timers.advance(10_000)
    expect(world.server().dialled).toBe(1)
    await world.timers.advance(1000)
    expect(one.mesh.rendezvous().state).toBe('online')
  })

  test('[LK17] of another version it is given up', async () => {
    const world = new MeshWorld()
    const one = await world.opened('1')
    world.server().say(JSON.stringify({ type: 'joined', v: signalingVersion + 1, peers: [] }))
    await world.timers.advance(60_000)
    expect(one.mesh.rendezvous()).toMatchObject({
      state: 'offline',
      lastError: { why: 'given-up' },
    })
    expect(world.server().dialled).toBe(1)
  })

  test('[LK17] garbage and errors from a server are reported and change nothing', async () => {
    const world = new MeshWorld()
    const [one, two] = await world.linked('1', '2')
    world.server().say('{}', one.id)
    world.server().say({ type: 'error', code: 'rate-limited', message: 'slower' }, one.id)
    world
      .server()
      .say({ type: 'error', code: 'no-such-peer', message: 'gone', peer: two.id as never }, one.id)
    world.server().say({ type: 'peer-left', peer: idOf('9') as never, why: 'gone' }, one.id)
    await world.timers.advance(10)
    expect(faultsOf(one.problems)).toEqual([
      expect.objectContaining({ why: 'garbage', url: 'first' }),
      expect.objectContaining({ why: 'error', code: 'rate-limited' }),
    ])
    expect(one.mesh.rendezvous()).toMatchObject({ state: 'online', peers: [two.id] })
  })

  test('[LK17] a signal of a peer that the server does not list is not heard', async () => {
    const world = new MeshWorld()
    const one = await world.opened('1')
    world.server().say({ type: 'signal', from: idOf('9') as never, data: 'x' }, one.id)
    await world.timers.advance(10)
    expect(one.problems).toEqual([])
    expect(one.mesh.links()).toEqual([])
  })

  test('[LK18] signals leave no faster than a server allows, and all of them arrive', async () => {
    const world = new MeshWorld()
    const one = world.inhabitant('0')
    const others = Array.from({ length: 15 }, (_, at) => world.inhabitant((at + 1).toString(16)))
    for (const { mesh } of [one, ...others]) mesh.open()
    await world.timers.advance(20_000)
    expect(one.mesh.links().filter(({ state }) => state === 'open')).toHaveLength(15)
    expect(others.every(({ mesh }) => mesh.links().every(({ state }) => state === 'open'))).toBe(
      true,
    )
  })

  test('[LK19] a probe comes back to a lost server at once, and asks a silent one', async () => {
    const world = new MeshWorld()
    const one = await world.opened('1')
    world.server().stop()
    await world.timers.advance(20_000)
    world.server().down = false
    one.mesh.probe()
    await world.timers.advance(5)
    expect(one.mesh.rendezvous().state).toBe('online')
    world.server().mute = true
    one.mesh.probe()
    await world.timers.advance(3100)
    expect(one.mesh.rendezvous().state).toBe('offline')
  })
})
