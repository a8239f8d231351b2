/** Real peer connections between meshes of one page, which meet at a real signaling server. */
import { afterEach, expect, inject, test } from 'vitest'
import { idOfKey, type Keys, type ReplicaId } from '@unanimous/core'
import { keysOf } from '@unanimous/core/testing'
import { createMesh, type MeshOptions } from './create-mesh.ts'
import { groupKeyOf } from './group-key.ts'
import type { LinkChannel, OpenLinkChannel } from './link-channel.ts'
import type { MeshProblem } from './mesh-problem.ts'
import type { LinkInfo } from './link-info.ts'
import type { Mesh } from './mesh.ts'
import { peerChannels } from './peer-channel.ts'

interface Page {
  readonly id: ReplicaId
  readonly mesh: Mesh
  /** `b up`, `b down`, `b 5` for a message of five bytes, in order. */
  readonly told: string[]
  readonly messages: Uint8Array[]
  readonly problems: MeshProblem[]
  /** Channels that this page opened, oldest first. */
  readonly channels: LinkChannel[]
  /** Resolves once that is so; looked at whenever anything happens to the mesh. */
  when(that: () => boolean): Promise<void>
}

const keysInUse = new Map<string, Keys>()

/** Keys of which the id begins with that digit. */
function keysFor(digit: string): Keys {
  for (let seed = 0; !keysInUse.has(digit); seed++) {
    const keys = keysOf(new Uint8Array(32).fill(seed))
    if (idOfKey(keys.publicKey).startsWith(digit)) keysInUse.set(digit, keys)
  }
  return keysInUse.get(digit) ?? keysFor(digit)
}

const idOf = (digit: string): ReplicaId => idOfKey(keysFor(digit).publicKey)
const linkOf = (page: Page, peer: string): LinkInfo | undefined =>
  page.mesh.links().find((link) => link.peer === idOf(peer))

let pages: Page[] = []
let rooms = 0

afterEach(() => {
  for (const { mesh } of pages) mesh.closeNow()
  pages = []
})

function openPage(digit: string, options: Partial<MeshOptions> = {}): Page {
  const waiting = new Set<() => void>()
  const happened = (): void => {
    for (const look of [...waiting]) look()
  }
  const channels: LinkChannel[] = []
  const real = peerChannels()
  const openChannel: OpenLinkChannel = (channelOptions, events) => {
    const channel = real(channelOptions, events)
    channels.push(channel)
    return channel
  }
  const problems: MeshProblem[] = []
  const mesh = createMesh({
    keys: keysFor(digit),
    groupKey: groupKeyOf('a secret', `room ${rooms}`),
    room: `room ${rooms}`,
    signal: [inject('signalingUrl')],
    wireVersion: 1,
    openChannel,
    report: (problem) => {
      problems.push(problem)
      happened()
    },
    ...options,
  })
  const told: string[] = []
  const messages: Uint8Array[] = []
  mesh.start({
    onLink: (peer, state) => {
      told.push(`${peer.charAt(0)} ${state}`)
      happened()
    },
    onMessage: (from, bytes) => {
      told.push(`${from.charAt(0)} ${bytes.length}`)
      messages.push(bytes)
      happened()
    },
  })
  mesh.subscribe(happened)
  mesh.open()
  const page: Page = {
    id: idOf(digit),
    mesh,
    told,
    messages,
    problems,
    channels,
    when: (that) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!that()) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
  }
  pages.push(page)
  return page
}

/** Pages of a room of their own, each linked with all others. */
async function linkedPages(digits: string, options: Partial<MeshOptions> = {}): Promise<Page[]> {
  rooms += 1
  const all = Array.from(digits, (digit) => openPage(digit, options))
  const linked = (page: Page): boolean =>
    page.mesh.links().filter(({ state }) => state === 'open').length === all.length - 1
  await Promise.all(all.map((page) => page.when(() => linked(page))))
  return all
}

async function linkedPair(options: Partial<MeshOptions> = {}): Promise<[Page, Page]> {
  const [one, two] = await linkedPages('12', options)
  if (one === undefined || two === undefined) throw new Error('there are two')
  return [one, two]
}

const pattern = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8)) & 0xff)

test('[LK1] [LK6] three pages mesh, with one peer connection an end for each pair', async () => {
  const all = await linkedPages('123')
  for (const { mesh, told, problems } of all) {
    expect(mesh.connectionsMade()).toBe(2)
    expect(told.filter((line) => line.endsWith(' up'))).toHaveLength(2)
    expect(problems).toEqual([])
  }
})

test('[WI3] [WI7] a megabyte each way arrives whole, and control is not stuck behind it', async () => {
  const [one, two] = await linkedPair()
  const large = pattern(1024 * 1024)
  for (const [from, to] of [
    [one, two],
    [two, one],
  ] as const) {
    expect(from.mesh.send(to.id, large, 'data')).toBe(true)
  }
  // After the first packets are in the channel, and long before the last ones are.
  await Promise.resolve()
  expect(one.mesh.send(two.id, pattern(9), 'control')).toBe(true)
  expect(two.mesh.send(one.id, pattern(9), 'control')).toBe(true)
  for (const page of [one, two]) {
    await page.when(() => page.messages.length === 2)
    expect(page.messages.map(({ length }) => length)).toEqual([9, large.length])
    expect(page.messages[1]?.every((byte, at) => byte === large[at])).toBe(true)
  }
})

test('[LK9] pings tell the round trip', async () => {
  const [one] = await linkedPair({ limits: { pingEveryMs: 50 } })
  await one.when(() => (linkOf(one, '2')?.rttMs ?? 0) > 0)
  expect(linkOf(one, '2')).toMatchObject({ state: 'open', generation: 1, attempt: 0 })
})

test('[LK24] links of one machine go straight, as the browser reports', async () => {
  const [one, two] = await linkedPair()
  await one.when(() => linkOf(one, '2')?.route !== undefined)
  const { route } = linkOf(one, '2') ?? {}
  expect(route).toMatchObject({ relayed: false, protocol: 'udp' })
  // Candidates that the peer knows before it is told of them are its own discovery.
  expect(['host', 'prflx']).toContain(route?.remote)
  await two.when(() => linkOf(two, '1')?.route !== undefined)
})

test('[WI4] ten thousand small messages arrive in order', async () => {
  const [one, two] = await linkedPair()
  let sent = 0
  while (sent < 10_000) {
    const message = new Uint8Array(100)
    new DataView(message.buffer).setUint32(0, sent)
    if (one.mesh.send(two.id, message, 'data')) sent += 1
    else await one.when(() => (linkOf(one, '2')?.bufferedBytes ?? 0) < 1024 * 1024)
  }
  await two.when(() => two.messages.length === sent)
  const numbers = two.messages.map((message) => new DataView(message.buffer).getUint32(0))
  expect(numbers.every((number, at) => number === at)).toBe(true)
})

test('[LK8] garbage on a channel ends that link alone, and it comes back', async () => {
  const all = await linkedPages('123')
  const [one, two, three] = all
  if (one === undefined || two === undefined || three === undefined) throw new Error('three')
  // The first channel of 1 that is asked to do so breaks the wire; which peer hears it does not matter.
  one.channels[0]?.send(new Uint8Array([0xde, 0xad, 0xbe, 0xef]))
  const heard = (page: Page): boolean => page.problems.some(({ type }) => type === 'garbage')
  await Promise.race([two, three].map((page) => page.when(() => heard(page))))
  const [victim, bystander] = heard(two) ? [two, three] : [three, two]
  expect(victim.problems[0]).toEqual({ type: 'garbage', peer: one.id, why: 'magic' })
  await victim.when(() => victim.told.filter((line) => line === '1 up').length === 2)
  expect(bystander.told.filter((line) => line.endsWith('down'))).toEqual([])
})

test('[LK7] another wire version is refused at both ends, with the reason', async () => {
  rooms += 1
  const one = openPage('1', { wireVersion: 1 })
  const two = openPage('2', { wireVersion: 2 })
  for (const page of [one, two]) {
    await page.when(() => page.problems.length > 0)
    expect(page.told).toEqual([])
    expect(page.problems[0]).toMatchObject({
      type: 'link-refused',
      refusal: { code: 'wire-version' },
    })
    expect(page.mesh.links()[0]).toMatchObject({
      state: 'waiting',
      refused: { code: 'wire-version' },
    })
  }
  const refusals = [one, two].flatMap(({ problems }) => problems)
  expect(refusals).toContainEqual(
    expect.objectContaining({ refusal: expect.objectContaining({ by: 'us' }) as unknown }),
  )
})

test('[WI8] [WI9] a flood beyond the queue is refused, and the link recovers', async () => {
  const [one, two] = await linkedPair({ limits: { dataQueueBytesMax: 512 * 1024 } })
  let sent = 0
  while (one.mesh.send(two.id, pattern(10_000), 'data')) sent += 1
  expect(sent).toBeGreaterThan(40)
  expect(linkOf(one, '2')?.droppedFrames).toBe(1)
  await two.when(() => two.messages.length === sent)
  expect(one.mesh.send(two.id, pattern(10), 'data')).toBe(true)
  await two.when(() => two.messages.length === sent + 1)
  expect(one.told).toEqual(['2 up'])
})

test('[LK13] a page that comes back under its id replaces the old link', async () => {
  for (const [stays, reloads] of [
    ['1', '2'],
    ['2', '1'],
  ] as const) {
    const [one, two] = await linkedPair()
    const stayer = stays === '1' ? one : two
    const next = openPage(reloads)
    await next.when(() => next.told.includes(`${stays} up`))
    await stayer.when(() => stayer.told.length >= 3)
    expect(stayer.told).toEqual([`${reloads} up`, `${reloads} down`, `${reloads} up`])
    next.mesh.send(stayer.id, pattern(7), 'data')
    await stayer.when(() => stayer.told.includes(`${reloads} 7`))
  }
})

test('[LK11] [LK15] a page that closes is gone at once, and what it had queued arrives', async () => {
  const [one, two] = await linkedPair()
  one.mesh.send(two.id, pattern(1000), 'data')
  // More than a browser sends at once, and less than it sends before it is answered.
  one.mesh.send(two.id, pattern(9000), 'control')
  one.mesh.closeNow()
  await two.when(() => two.told.includes('1 down'))
  expect(two.told).toEqual(['1 up', '1 9000', '1 1000', '1 down'])
  expect(two.problems).toEqual([])
})

test('[LK17] open links outlive their signaling server, and late comers join at its return', async () => {
  const control = inject('signalingControl')
  const url = await (await fetch(`${control}/start`, { method: 'POST' })).text()
  const [one, two] = await linkedPair({ signal: [url, inject('signalingUrl')] })
  await one.when(() => one.mesh.rendezvous().answered)
  await fetch(`${control}/stop`, { method: 'POST', body: url })
  await one.when(() => one.problems.some(({ type }) => type === 'signaling'))
  one.mesh.send(two.id, pattern(11), 'data')
  two.mesh.send(one.id, pattern(12), 'control')
  await two.when(() => two.told.includes('1 11'))
  await one.when(() => one.told.includes('2 12'))
  // The server that is left introduces the next one.
  const three = openPage('3', { signal: [url, inject('signalingUrl')] })
  await three.when(() => three.told.length === 2)
  await one.when(() => one.told.length === 3)
  expect(one.told).toEqual(['2 up', '2 12', '3 up'])
})

test('[LK4] a peer connection that dies is replaced', async () => {
  const [one, two] = await linkedPair()
  two.channels[0]?.close()
  await one.when(() => one.told.length === 3)
  expect(one.told).toEqual(['2 up', '2 down', '2 up'])
  expect(linkOf(one, '2')?.generation).toBe(2)
})
