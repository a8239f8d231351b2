import { describe, expect, test } from 'vitest'
import { toBase64 } from './base64.ts'
import type { PostFrame, Relay } from './framing.ts'
import { announcedMax, relayPace, relayTtl, sealedBytesMax } from './limits.ts'
import { MeshPost } from './mesh-post.ts'
import { settled } from './testing/manual-timers.ts'
import { idOf, MeshWorld, type Inhabitant } from './testing/mesh-world.ts'

const [one, two, three, four] = ['1', '2', '3', '4'].map(idOf) as [
  ReturnType<typeof idOf>,
  ReturnType<typeof idOf>,
  ReturnType<typeof idOf>,
  ReturnType<typeof idOf>,
]
const sealedOf = (byte: number, length = 40): Uint8Array => new Uint8Array(length).fill(byte)
const relay = (more: Partial<Relay> = {}): Relay => ({
  ...{ kind: 'relay', ttl: relayTtl, from: three, to: four, sealed: sealedOf(1) },
  ...more,
})

/** The post of `1` with neighbours `2` and `3`. */
function postOf(neighbours = [two, three]) {
  const said: string[] = []
  const heard: string[] = []
  let now = 0
  const post = new MeshPost({
    self: one,
    now: () => now,
    neighbours: () => neighbours,
    say: (to, frame) => said.push(`${to.charAt(0)} ${word(frame)}`),
    onSignal: (from, sealed) => heard.push(`${from.charAt(0)} ${sealed}`),
    onReach: (peer, reached) => heard.push(`${peer.charAt(0)} ${reached ? 'reached' : 'lost'}`),
  })
  return { post, said, heard, pass: (ms: number) => (now += ms) }
}
const word = (frame: PostFrame): string =>
  frame.kind === 'peers'
    ? `peers ${frame.peers.map((peer) => peer.charAt(0)).join('')}`
    : `relay ${frame.ttl} ${frame.from.charAt(0)}>${frame.to.charAt(0)}`

describe('the post of a member', () => {
  test('[MP1] a signal is passed to all other neighbours, or only to the reader if it is one of them', () => {
    const { post, said } = postOf([two, three, idOf('5')])
    post.received(three, relay())
    expect(said.splice(0)).toEqual([`2 relay ${relayTtl - 1} 3>4`, `5 relay ${relayTtl - 1} 3>4`])
    post.received(three, relay({ to: two, sealed: sealedOf(2) }))
    expect(said).toEqual([`2 relay ${relayTtl - 1} 3>2`])
  })

  test('[MP1] it is passed on once, as often as it was allowed to, and never back', () => {
    const { post, said, heard } = postOf()
    post.received(three, relay({ ttl: 0 }))
    post.received(three, relay({ ttl: 255, sealed: sealedOf(2) }))
    post.received(two, relay({ ttl: 255, sealed: sealedOf(2) }))
    post.received(two, relay({ from: one, sealed: sealedOf(3) }))
    expect([said, heard]).toEqual([[`2 relay ${relayTtl - 1} 3>4`], []])
  })

  test('[MP1] one for us is told once, however many ways it came', () => {
    const { post, said, heard } = postOf()
    post.received(two, relay({ to: one }))
    post.received(three, relay({ to: one }))
    expect([said, heard]).toEqual([[], [`3 ${toBase64(sealedOf(1))}`]])
  })

  test('[MP2] a neighbour that floods is not passed on beyond its pace; the others are', () => {
    const { post, said, pass } = postOf()
    for (let at = 0; at < relayPace.burst + 50; at++) {
      const sealed = Uint8Array.from({ length: 40 }, (_, index) => (index === 0 ? at : at >> 8))
      post.received(two, relay({ from: two, sealed }))
    }
    expect(said).toHaveLength(relayPace.burst)
    post.received(three, relay({ sealed: sealedOf(250) }))
    expect(said).toHaveLength(relayPace.burst + 1)
    pass(relayPace.everyMs)
    post.received(two, relay({ from: two, sealed: sealedOf(251) }))
    expect(said).toHaveLength(relayPace.burst + 2)
  })

  test('[MP3] members say with whom they have links, and who is reached follows from it', async () => {
    const { post, said, heard } = postOf()
    post.changed()
    post.changed()
    expect(said).toEqual([])
    await settled()
    expect(said.splice(0)).toEqual(['2 peers 3', '3 peers 2'])
    post.received(two, { kind: 'peers', peers: [one, four] })
    post.received(three, { kind: 'peers', peers: [four] })
    expect(post.reaches(four)).toBe(true)
    post.received(two, { kind: 'peers', peers: [] })
    expect(heard).toEqual(['4 reached'])
    post.gone(three)
    expect(heard).toEqual(['4 reached', '4 lost'])
    expect(post.reaches(four)).toBe(false)
  })

  test('[MP1] a signal is sent by all neighbours if anybody reaches the reader, and fits a packet', () => {
    const { post, said } = postOf()
    expect(post.send(four, toBase64(sealedOf(1)))).toBe(false)
    post.received(two, { kind: 'peers', peers: [four] })
    expect(post.send(four, toBase64(sealedOf(1)))).toBe(true)
    expect(said).toEqual([`2 relay ${relayTtl} 1>4`, `3 relay ${relayTtl} 1>4`])
    expect(post.send(four, toBase64(sealedOf(2, sealedBytesMax + 1)))).toBe(false)
    expect(announcedMax).toBe(64)
  })
})

const lastOf = (who: Inhabitant, peer: string): string | undefined =>
  who.told.findLast((line) => line.startsWith(peer) && !/\d$/.test(line))

async function room(...digits: readonly string[]): Promise<[MeshWorld, readonly Inhabitant[]]> {
  const world = new MeshWorld()
  const all: Inhabitant[] = []
  for (const digit of digits) all.push(await world.opened(digit))
  await world.timers.advance(200)
  return [world, all]
}

describe('without a server', () => {
  test('[MP4] a link that breaks is built anew through the others', async () => {
    const [world, [first, second, third]] = await room('1', '2', '3')
    world.server().stop()
    await world.timers.advance(50)
    first?.faults.breakLink(idOf('2'))
    await world.timers.advance(50)
    expect([lastOf(first as Inhabitant, '2'), lastOf(second as Inhabitant, '1')]).toEqual([
      '2 down',
      '1 down',
    ])
    await world.timers.advance(2000)
    for (const [who, peer] of [
      [first, '2'],
      [second, '1'],
    ] as const) {
      expect(lastOf(who as Inhabitant, peer)).toBe(`${peer} up`)
    }
    expect(third?.told.filter((line) => line.endsWith('down'))).toEqual([])
  })

  test('[MP4] with no member between, a link stays down until a server is back', async () => {
    const [world, [first, second]] = await room('1', '2')
    world.server().stop()
    await world.timers.advance(50)
    first?.faults.breakLink(idOf('2'))
    await world.timers.advance(60_000)
    expect(lastOf(first as Inhabitant, '2')).toBe('2 down')
    world.server().down = false
    await world.timers.advance(30_000)
    expect(lastOf(second as Inhabitant, '1')).toBe('1 up')
  })

  test('[MP5] a server that forgets a member which others reach disturbs nothing, and is a hint at most', async () => {
    const [world, all] = await room('1', '2', '3')
    world.server().closeSocketOf(idOf('3'))
    await world.timers.advance(80)
    expect(all[0]?.suspected).toEqual([idOf('3')])
    await world.timers.advance(10_000)
    for (const who of all) {
      expect(who.told.filter((line) => line.endsWith('down'))).toEqual([])
      expect(who.problems.filter(({ type }) => type === 'generation-failed')).toEqual([])
    }
  })

  test('[MP4] whoever is gone is forgotten once nobody has a link with it', async () => {
    const [world, all] = await room('1', '2', '3')
    world.server().stop()
    await world.timers.advance(50)
    all[2]?.mesh.closeNow()
    await world.timers.advance(1000)
    expect(all[0]?.mesh.links().map(({ peer }) => peer.charAt(0))).toEqual(['2'])
    expect(all[1]?.mesh.links().map(({ peer }) => peer.charAt(0))).toEqual(['1'])
  })
})
