import { describe, expect, test } from 'vitest'
import { idOf, serve, TestClient, until } from '../test/test-client.ts'

const ada = idOf('a')
const bob = idOf('b')
const cyd = idOf('c')

describe('joining', () => {
  test('[SG8] joined lists who was there, earliest first, and the others hear of the newcomer', async () => {
    const { url } = await serve()
    const first = await TestClient.dial(url)
    first.join(cyd)
    expect(await first.next()).toEqual({ type: 'joined', v: 1, peers: [] })
    const second = await TestClient.dial(url)
    second.join(ada)
    expect(await second.next()).toEqual({ type: 'joined', v: 1, peers: [cyd] })
    const third = await TestClient.dial(url)
    third.join(bob)
    expect(await third.next()).toEqual({ type: 'joined', v: 1, peers: [cyd, ada] })
    expect(await first.settle()).toEqual([
      { type: 'peer-joined', peer: ada },
      { type: 'peer-joined', peer: bob },
    ])
    expect(await second.settle()).toEqual([{ type: 'peer-joined', peer: bob }])
  })

  test('[SG8] when the first comer goes, the next one is first', async () => {
    const { url } = await serve()
    const first = await TestClient.join(url, ada)
    const second = await TestClient.join(url, bob)
    first.send({ type: 'leave' })
    expect(await second.next()).toEqual({ type: 'peer-left', peer: ada, why: 'left' })
    const third = await TestClient.dial(url)
    third.join(cyd)
    expect(await third.next()).toEqual({ type: 'joined', v: 1, peers: [bob] })
  })

  test('[SG8] many that join at once agree on one order', async () => {
    const { url } = await serve()
    const digits = '0123456789abcdef'.split('')
    const clients = await Promise.all(digits.map(() => TestClient.dial(url)))
    for (const [i, client] of clients.entries()) client.join(idOf(digits[i] ?? ''))
    const lists = await Promise.all(
      clients.map(async (client) => {
        const joined = await client.next()
        if (joined.type !== 'joined') throw new Error('not joined')
        return joined.peers
      }),
    )
    const longest = lists.toSorted((a, b) => b.length - a.length)[0] ?? []
    expect(longest).toHaveLength(15)
    for (const list of lists) expect(list).toEqual(longest.slice(0, list.length))
    expect(new Set(lists.map((list) => list.length)).size).toBe(16)
  })

  test('[SG8] a second join on one socket is refused and changes nothing', async () => {
    const { url } = await serve()
    const client = await TestClient.join(url, ada)
    client.join(ada, 'elsewhere')
    expect(await client.next()).toMatchObject({ type: 'error', code: 'already-joined' })
    const other = await TestClient.dial(url)
    other.join(bob)
    expect(await other.next()).toEqual({ type: 'joined', v: 1, peers: [ada] })
  })
})

describe('the same peer again', () => {
  test('[SG9] the newest socket wins and is last in order; the older is closed as replaced', async () => {
    const { url, stats } = await serve()
    const older = await TestClient.join(url, ada)
    const other = await TestClient.join(url, bob)
    await older.next()
    const newer = await TestClient.dial(url)
    newer.join(ada)
    expect(await newer.next()).toEqual({ type: 'joined', v: 1, peers: [bob] })
    expect(await older.next()).toMatchObject({ type: 'error', code: 'replaced' })
    expect(await older.ended).toEqual({ code: 4409, name: 'replaced' })
    expect(await other.settle()).toEqual([
      { type: 'peer-left', peer: ada, why: 'replaced' },
      { type: 'peer-joined', peer: ada },
    ])
    const third = await TestClient.dial(url)
    third.join(cyd)
    expect(await third.next()).toEqual({ type: 'joined', v: 1, peers: [bob, ada] })
    other.signal(ada, 'to the newer one')
    expect(await newer.settle()).toContainEqual({
      type: 'signal',
      from: bob,
      data: 'to the newer one',
    })
    expect(stats()).toMatchObject({ peers: 3, rooms: 1 })
  })

  test('[SG9] the same id in another room is another member', async () => {
    const { url } = await serve()
    const red = await TestClient.join(url, ada, 'red')
    await TestClient.join(url, ada, 'blue')
    expect(await red.settle()).toEqual([])
  })

  test('[SG9] a replaced socket that ends takes nobody with it', async () => {
    const { url, stats } = await serve()
    const older = await TestClient.join(url, ada)
    const newer = await TestClient.join(url, ada)
    older.socket.terminate()
    await older.ended
    const other = await TestClient.dial(url)
    other.join(bob)
    expect(await other.next()).toEqual({ type: 'joined', v: 1, peers: [ada] })
    other.signal(ada, 'still here?')
    expect(await newer.nextOf(2)).toContainEqual({
      type: 'signal',
      from: bob,
      data: 'still here?',
    })
    expect(stats().peers).toBe(2)
  })
})

describe('signals', () => {
  test('[SG10] a signal reaches whom it is for, unchanged and in order, and nobody else', async () => {
    const { url, stats } = await serve()
    const a = await TestClient.join(url, ada)
    const b = await TestClient.join(url, bob)
    const c = await TestClient.join(url, cyd)
    await a.settle()
    await b.settle()
    const strange = [
      '{"sdp":"v=0\\r\\n"}',
      '{bad json',
      '"',
      '\u0000\u2028',
      'ж😀',
      'x'.repeat(20_000),
    ]
    for (const data of strange) a.signal(bob, data)
    expect(await b.nextOf(strange.length)).toEqual(
      strange.map((data) => ({ type: 'signal', from: ada, data })),
    )
    expect(await c.settle()).toEqual([])
    expect(await a.settle()).toEqual([])
    expect(stats().relayed).toBe(strange.length)
  })

  test('[SG10] rooms do not hear each other', async () => {
    const { url } = await serve()
    const red = await TestClient.join(url, ada, 'red')
    const blue = await TestClient.join(url, bob, 'blue')
    red.signal(bob, 'psst')
    expect(await red.next()).toMatchObject({ type: 'error', code: 'no-such-peer', peer: bob })
    expect(await blue.settle()).toEqual([])
    expect(await red.settle()).toEqual([])
  })

  test('[SG10] the burst of a whole mesh passes', async () => {
    const { url } = await serve()
    const a = await TestClient.join(url, ada)
    const b = await TestClient.join(url, bob)
    const offerAndCandidates = 7 * 17
    for (let i = 1; i < offerAndCandidates; i += 1) a.signal(bob, `candidate ${i}`)
    const heard = await b.nextOf(offerAndCandidates - 1)
    expect(heard.at(-1)).toEqual({ type: 'signal', from: ada, data: 'candidate 118' })
  })

  test('[SG11] a signal to an absent peer is answered with its id, and the connection stays', async () => {
    const { url } = await serve()
    const a = await TestClient.join(url, ada)
    a.signal(cyd, 'anyone?')
    expect(await a.next()).toEqual({
      type: 'error',
      code: 'no-such-peer',
      message: expect.any(String) as unknown,
      peer: cyd,
    })
    const c = await TestClient.join(url, cyd)
    a.signal(cyd, 'now')
    expect(await c.next()).toEqual({ type: 'signal', from: ada, data: 'now' })
  })

  test('[SG11] a peer may signal itself, which is nobody special', async () => {
    const { url } = await serve()
    const a = await TestClient.join(url, ada)
    a.signal(ada, 'echo')
    expect(await a.next()).toEqual({ type: 'signal', from: ada, data: 'echo' })
  })
})

describe('going', () => {
  test('[SG12] leave is told as left, and the socket may join again, elsewhere and as another', async () => {
    const { url } = await serve()
    const a = await TestClient.join(url, ada)
    const b = await TestClient.join(url, bob)
    await a.next()
    a.send({ type: 'leave' })
    expect(await b.next()).toEqual({ type: 'peer-left', peer: ada, why: 'left' })
    a.join(cyd, 'elsewhere')
    expect(await a.next()).toEqual({ type: 'joined', v: 1, peers: [] })
    expect(await b.settle()).toEqual([])
  })

  test.each(['close', 'terminate'] as const)(
    '[SG12] a socket that ends by %s is told as gone at once',
    async (how) => {
      const { url, stats } = await serve()
      const a = await TestClient.join(url, ada)
      const b = await TestClient.join(url, bob)
      a.socket[how]()
      expect(await b.next()).toEqual({ type: 'peer-left', peer: ada, why: 'gone' })
      expect(await b.settle()).toEqual([])
      await until(() => stats().sockets === 1)
      expect(stats().peers).toBe(1)
    },
  )

  test('[SG12] a room ends with its last member', async () => {
    const { url, stats } = await serve()
    const a = await TestClient.join(url, ada)
    expect(stats().rooms).toBe(1)
    a.send({ type: 'leave' })
    await a.settle()
    expect(stats()).toMatchObject({ rooms: 0, peers: 0, sockets: 1 })
  })

  test('[SG13] before a join there is nothing to leave and nobody to signal', async () => {
    const { url } = await serve()
    const a = await TestClient.dial(url)
    a.send({ type: 'leave' })
    expect(await a.next()).toMatchObject({ type: 'error', code: 'not-joined' })
    a.signal(bob, 'x')
    expect(await a.next()).toMatchObject({ type: 'error', code: 'not-joined' })
    a.send({ type: 'ping' })
    expect(await a.next()).toEqual({ type: 'pong' })
    a.join(ada)
    expect(await a.next()).toMatchObject({ type: 'joined' })
  })
})
