import { describe, expect, test } from 'vitest'
import { idOf, MeshWorld, type Inhabitant } from './testing/mesh-world.ts'

const bytes = (length: number): Uint8Array => new Uint8Array(length)
const stateOf = (who: Inhabitant, peer: string): string | undefined =>
  who.mesh.links().find((link) => link.peer === idOf(peer))?.state

/** Messages of 1, 2, … bytes, a millisecond apart. */
async function sendAll(
  world: MeshWorld,
  { from, to, count }: { from: Inhabitant; to: Inhabitant; count: number },
): Promise<void> {
  for (let length = 1; length <= count; length++) {
    expect(from.mesh.send(to.id, bytes(length), 'data')).toBe(true)
    await world.timers.advance(1)
  }
}
const lengths = (who: Inhabitant): number[] => who.messages.map((message) => message.bytes.length)
const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1)

describe('messages', () => {
  for (const { at, direction } of [
    { at: 'the sender', direction: 'out' },
    { at: 'the receiver', direction: 'in' },
  ] as const) {
    test(`[FA1] a cut at ${at} loses that direction alone, and both ends keep the link`, async () => {
      const world = new MeshWorld()
      const [one, two] = await world.linked('1', '2')
      const [end, peer] = direction === 'out' ? [one, two] : [two, one]
      end.faults.set({ peer: peer.id, direction }, { cut: true })
      await sendAll(world, { from: one, to: two, count: 3 })
      await sendAll(world, { from: two, to: one, count: 3 })
      await world.timers.advance(60_000)
      expect(lengths(two)).toEqual([])
      expect(lengths(one)).toEqual([1, 2, 3])
      for (const who of [one, two]) {
        expect(who.told.filter((line) => /up|down/.test(line))).toHaveLength(1)
        expect(who.problems).toEqual([])
      }
    })
  }

  test('[FA2] messages that are held back come late and in order, also after the delay is gone', async () => {
    const world = new MeshWorld()
    const [one, two] = await world.linked('1', '2')
    const draws = [0, 1, 0.5, 0.2]
    world.chance = () => draws.shift() ?? 0
    two.faults.set({ peer: undefined, direction: 'in' }, { delayMs: [50, 100] })
    await sendAll(world, { from: one, to: two, count: 4 })
    await world.timers.advance(40)
    expect(lengths(two)).toEqual([])
    two.faults.heal()
    one.mesh.send(two.id, bytes(5), 'data')
    await world.timers.advance(10)
    expect(lengths(two)).toEqual([1])
    await world.timers.advance(100)
    expect(lengths(two)).toEqual(upTo(5))
    one.mesh.send(two.id, bytes(6), 'data')
    await world.timers.advance(2)
    expect(lengths(two)).toEqual(upTo(6))
  })

  test('[FA3] the share that chance hits is lost, comes twice, or comes after the next one', async () => {
    for (const [kind, expected] of [
      ['drop', [1, 3, 4]],
      ['duplicate', [1, 2, 2, 3, 4]],
      ['reorder', [1, 3, 2, 4]],
    ] as const) {
      const world = new MeshWorld()
      const [one, two] = await world.linked('1', '2')
      one.faults.set({ peer: two.id, direction: 'out' }, { [kind]: 0.5 })
      const draws = [0.9, 0.1, 0.9, 0.9]
      world.chance = () => draws.shift() ?? 0.9
      await sendAll(world, { from: one, to: two, count: 4 })
      await world.timers.advance(10)
      expect(lengths(two)).toEqual(expected)
    }
  })

  test('[FA3] a message that nothing overtakes comes all the same', async () => {
    const world = new MeshWorld()
    const [one, two] = await world.linked('1', '2')
    one.faults.set({ peer: two.id, direction: 'both' }, { reorder: 1 })
    await sendAll(world, { from: one, to: two, count: 1 })
    await world.timers.advance(1000)
    expect(lengths(two)).toEqual([1])
  })

  test('[FA4] what a peer has of its own goes before what all have, and healing it ends that alone', async () => {
    const world = new MeshWorld()
    const [one, two] = await world.linked('1', '2')
    one.faults.set({ peer: undefined, direction: 'out' }, { drop: 1 })
    one.faults.set({ peer: two.id, direction: 'out' }, { drop: 0 })
    await sendAll(world, { from: one, to: two, count: 2 })
    one.faults.heal(two.id)
    await sendAll(world, { from: one, to: two, count: 2 })
    one.faults.heal()
    await sendAll(world, { from: one, to: two, count: 1 })
    await world.timers.advance(10)
    expect(lengths(two)).toEqual([1, 2, 1])
  })

  test('[FA1] to a peer without a link, `send` says false whatever is wrong on purpose', async () => {
    const world = new MeshWorld()
    const one = await world.opened('1')
    one.faults.set({ peer: idOf('2'), direction: 'both' }, { cut: true })
    expect(one.mesh.send(idOf('2'), bytes(1), 'data')).toBe(false)
  })

  test('[FA2] nothing that was held back is told or sent once the mesh is closed', async () => {
    const world = new MeshWorld()
    const [one, two] = await world.linked('1', '2')
    one.faults.set({ peer: undefined, direction: 'both' }, { delayMs: [50, 50] })
    await sendAll(world, { from: one, to: two, count: 2 })
    await sendAll(world, { from: two, to: one, count: 2 })
    one.mesh.closeNow()
    await world.timers.advance(1000)
    expect([...lengths(one), ...lengths(two)]).toEqual([])
  })
})

describe('connections', () => {
  test('[FA5] a link that is broken on purpose goes down at both ends and is built anew', async () => {
    const world = new MeshWorld()
    const [one, two] = await world.linked('1', '2')
    one.faults.breakLink(two.id)
    await world.timers.advance(2000)
    for (const [who, peer] of [
      [one, '2'],
      [two, '1'],
    ] as const) {
      expect(who.told).toEqual([`${peer} up`, `${peer} down`, `${peer} up`])
    }
    expect(one.mesh.links()[0]?.generation).toBe(2)
  })

  test('[FA6] signaling that is stopped on purpose is offline at once and until it is started', async () => {
    const world = new MeshWorld()
    const [one] = await world.linked('1', '2')
    one.faults.stopSignaling()
    await world.timers.advance(10)
    expect(one.mesh.rendezvous().state).toBe('offline')
    expect(stateOf(one, '2')).toBe('open')
    await world.timers.advance(60_000)
    expect(one.mesh.rendezvous().state).toBe('offline')
    one.faults.startSignaling()
    await world.timers.advance(20_000)
    expect(one.mesh.rendezvous()).toMatchObject({ state: 'online', peers: [idOf('2')] })
  })
})

describe('the list', () => {
  test('[FA7] it shows what is wrong, both directions as one where they are alike, and tells of changes', async () => {
    const world = new MeshWorld()
    const { faults } = world.inhabitant('1')
    const [two, three] = [idOf('2'), idOf('3')]
    let told = 0
    const stop = faults.subscribe(() => (told += 1))
    expect(faults.list()).toEqual([])
    expect(faults.list()).toBe(faults.list())
    faults.set({ peer: two, direction: 'in' }, { cut: true })
    faults.set({ peer: two, direction: 'out' }, { cut: true })
    faults.set({ peer: three, direction: 'out' }, { cut: true })
    faults.set({ peer: undefined, direction: 'both' }, { delayMs: [10, 20] })
    faults.set({ peer: undefined, direction: 'in' }, { drop: 0.25 })
    faults.stopSignaling()
    expect(faults.list()).toEqual([
      { type: 'cut', peer: two, direction: 'both' },
      { type: 'cut', peer: three, direction: 'out' },
      { type: 'delay', peer: undefined, direction: 'both', ms: [10, 20] },
      { type: 'drop', peer: undefined, direction: 'in', share: 0.25 },
      { type: 'signaling-stopped' },
    ])
    await Promise.resolve()
    expect(told).toBe(1)
    faults.set({ peer: undefined, direction: 'both' }, { delayMs: [0, 0] })
    faults.heal(two)
    faults.startSignaling()
    expect(faults.list()).toEqual([
      { type: 'cut', peer: three, direction: 'out' },
      { type: 'drop', peer: undefined, direction: 'in', share: 0.25 },
    ])
    await Promise.resolve()
    expect(told).toBe(2)
    stop()
    faults.heal()
    await Promise.resolve()
    expect([told, faults.list()]).toEqual([2, []])
  })
})
