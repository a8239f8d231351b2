import { describe, expect, test } from 'vitest'
import { MeshWorld, type Inhabitant } from './testing/mesh-world.ts'

const statesOf = (who: Inhabitant): unknown[] =>
  who.mesh.links().map(({ peer, state, refused }) => ({ peer: peer.charAt(0), state, refused }))
const refusedOf = (who: Inhabitant, peer: string): unknown =>
  who.mesh.links().find((link) => link.peer.startsWith(peer))?.refused

describe('a newcomer with another secret', () => {
  test('[SE4] is refused by every member and named, hears nothing, and gets no channel', async () => {
    const world = new MeshWorld()
    const [one, two] = await world.linked('1', '3')
    const stranger = await world.opened('2', { groupKey: 8 })
    await world.timers.advance(1000)
    const refused = { code: 'secret', by: 'us' }
    for (const member of [one, two]) {
      expect(refusedOf(member, '2')).toEqual(refused)
      expect(member.problems).toContainEqual({
        type: 'link-refused',
        peer: stranger.id,
        refusal: refused,
      })
      expect(member.told.filter((line) => line.startsWith('2'))).toEqual([])
    }
    expect(stranger.told).toEqual([])
    expect(statesOf(stranger)).toMatchObject([{ refused }, { refused }])
    // Offers of the dialers were made, and none was ever answered by a channel.
    expect(world.network.endsOf('2').every((end) => end.closed)).toBe(true)
  })

  test('[SE4] is let in at once when it comes back with the right one', async () => {
    const world = new MeshWorld()
    const one = await world.opened('1')
    const stranger = await world.opened('2', { groupKey: 8 })
    await world.timers.advance(30_000)
    stranger.mesh.closeNow()
    const again = await world.opened('2', { owner: '2 again' })
    await world.timers.advance(1000)
    expect(again.told).toEqual(['1 up'])
    expect(statesOf(one)).toEqual([{ peer: '2', state: 'open', refused: undefined }])
  })
})

test('[SE5] a member that shows a key which is not its own gets no link', async () => {
  const world = new MeshWorld()
  const one = await world.opened('1')
  const impostor = await world.opened('2', { keys: { agree: () => new Uint8Array(32) } })
  await world.timers.advance(5000)
  expect([...one.told, ...impostor.told]).toEqual([])
  const codes = [one, impostor].map((who) => who.mesh.links()[0]?.refused?.code)
  expect(codes).toEqual(['proof', 'proof'])
})

test('[SE6] a server that repeats everything it carried, in any order, breaks no link', async () => {
  const world = new MeshWorld()
  const carried: { readonly from: string; readonly to: string; readonly data: string }[] = []
  const server = world.server()
  server.onCarried = (signal) => carried.push(signal)
  const [one, two] = await world.linked('1', '2')
  two.mesh.closeNow()
  const again = await world.opened('2', { owner: '2 again' })
  await world.timers.advance(1000)
  expect(again.told).toEqual(['1 up'])
  expect(carried.length).toBeGreaterThan(4)
  for (const { from, to, data } of [...carried, ...carried.slice().reverse()]) {
    server.say({ type: 'signal', from: from as never, data }, to)
    await world.timers.advance(5)
  }
  await world.timers.advance(60_000)
  expect(again.told).toEqual(['1 up'])
  expect(one.told).toEqual(['2 up', '2 down', '2 up'])
})

test('[SE1] a server reads of a signal neither what it is nor what it says', async () => {
  const world = new MeshWorld()
  const carried: string[] = []
  world.server().onCarried = ({ data }) => carried.push(data)
  await world.linked('1', '2')
  expect(carried.length).toBeGreaterThan(2)
  for (const data of carried) {
    expect(data).toMatch(/^[A-Za-z0-9+/]+=*$/)
    for (const word of ['offer', 'sdp', 'memory', 'session', 'candidate']) {
      expect(Buffer.from(data, 'base64').toString('latin1')).not.toContain(word)
    }
  }
})
