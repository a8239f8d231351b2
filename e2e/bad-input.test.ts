import type { WebSocketRoute } from '@playwright/test'
import type { LinkInfo } from 'unanimous'
import type { Cluster } from './fixture/cluster.ts'
import { claimOtherWireVersion, keepRawWires } from './fixture/raw-wires.ts'
import { expect, test } from './fixture/test.ts'
import type { Refusal } from './app/refusal.ts'
import type { Tab } from './fixture/tab.ts'

async function goesOn(cluster: Cluster, tabs: readonly Tab[] = cluster.tabs): Promise<void> {
  const written = await Promise.all(tabs.map((tab) => tab.write(`${tab.name} goes on`)))
  for (const outcomes of written) expect(outcomes).toMatchObject([{ kind: 'committed' }])
  await cluster.agreed(tabs)
}

/** The error that a caller of this command catches. */
async function caught(tab: Tab, command: 'long line' | 'explode'): Promise<Refusal | undefined> {
  return (await tab.group()).evaluate(async (group, which) => {
    const line = 'x'.repeat(1024 * 1024)
    const proposal = which === 'explode' ? group.do.explode() : group.do.write(line)
    return proposal.then(() => undefined, window.wordRefusal)
  }, command)
}

/** What no tab says, and the beginning of the reason that its peers count. */
const nonsense: readonly { readonly what: string; readonly reason: string }[] = [
  { what: 'bytes', reason: 'garbage' },
  { what: 'text', reason: 'garbage' },
  { what: 'a long packet', reason: 'garbage' },
  { what: 'a good frame around bytes', reason: 'frame ' },
]

function sayNonsense(what: string): void {
  const bytes = Uint8Array.from({ length: 200 }, (_, at) => (at * 37 + 11) % 256)
  const [magic, layout, dataFrame] = [0x55, 2, 0x11]
  const framed = Uint8Array.of(magic, layout, dataFrame, 0, bytes.length, ...bytes)
  for (const channel of window.rawWires.channels) {
    if (channel.readyState !== 'open') continue
    if (what === 'bytes') channel.send(bytes)
    else if (what === 'text') channel.send('hello there')
    else if (what === 'a long packet') channel.send(new Uint8Array(200_000))
    else channel.send(framed)
  }
}

test('[UP15] a tab sends garbage on its channels: the others count it, and the group goes on', async ({
  cluster,
}) => {
  const tabs = await cluster.open(3, { prepare: keepRawWires })
  await cluster.ready()
  for (const { what, reason } of nonsense) {
    // Whoever leads now: its followers have the most to lose.
    const liar = await cluster.leader()
    const others = tabs.filter((tab) => tab !== liar)
    // A link that was given up is built anew, and until then its ends reach each other through the third.
    for (const tab of tabs) {
      await tab.until('links to all', ({ links }) => links.filter(isOpen).length === others.length)
    }
    const before = await Promise.all(others.map((tab) => countOf(tab, reason)))
    await liar.page.evaluate(sayNonsense, what)
    for (const [at, tab] of others.entries()) {
      await tab.untilFigures(
        `refused ${what}`,
        ({ ignored }) => sumOf(ignored, reason) > (before[at] ?? 0),
      )
    }
    await goesOn(cluster)
    await cluster.ready()
  }
})

const isOpen = ({ state }: LinkInfo): boolean => state === 'open'

const sumOf = (ignored: Readonly<Record<string, number>>, reason: string): number =>
  Object.entries(ignored)
    .filter(([name]) => name.startsWith(reason))
    .reduce((sum, [, count]) => sum + count, 0)

async function countOf(tab: Tab, reason: string): Promise<number> {
  return sumOf((await tab.figures()).ignored, reason)
}

/** Each with the code by which the server closes the socket that it came on. */
const signalingGarbage: readonly (readonly [text: string, closeCode: number])[] = [
  ['no JSON at all', 4400],
  ['{"type":"nonsense"}', 4422],
  [`"${'x'.repeat(100_000)}"`, 1009],
]

test('[UP16] garbage to the signaling server or from it costs one socket at most', async ({
  cluster,
}) => {
  const context = await cluster.context()
  const routes: WebSocketRoute[] = []
  await context.routeWebSocket(/.*/, (route) => {
    route.connectToServer()
    routes.push(route)
  })
  const [deceived] = await cluster.open(1, { context })
  const [first, second] = await cluster.open(2, { prepare: keepRawWires })
  await cluster.ready()

  // From the server.
  for (const [garbage] of signalingGarbage) {
    const faults = await countOf(deceived, 'signaling')
    routes.at(-1)?.send(garbage)
    await deceived.untilFigures(
      'a fault of the server',
      ({ ignored }) => sumOf(ignored, 'signaling') > faults,
    )
  }
  // To the server, from sockets of no tab and from the tab's own.
  for (const [garbage, closeCode] of signalingGarbage) {
    expect(await closedAfter(first, cluster.signaling.url, garbage)).toBe(closeCode)
  }
  await first.page.evaluate(() => window.rawWires.sockets[0]?.send('no JSON at all'))
  await first.until('the server gone', ({ signaling }) => signaling === 'mesh')
  await goesOn(cluster)
  for (const tab of [deceived, second]) {
    expect(await tab.status()).toMatchObject({ signaling: 'online' })
  }
  await first.page.reload()
  await cluster.ready()
  expect(await first.status()).toMatchObject({ signaling: 'online' })
  await goesOn(cluster)
})

const closedAfter = (tab: Tab, url: string, garbage: string): Promise<number> =>
  tab.page.evaluate(
    ([address, text]) =>
      new Promise<number>((closed) => {
        const socket = new WebSocket(address)
        socket.addEventListener('open', () => socket.send(text))
        socket.addEventListener('close', ({ code }) => closed(code))
      }),
    [url, garbage] as const,
  )

test('[UP17] a tab of another version is refused with a sentence, and the group goes on', async ({
  cluster,
}) => {
  const tabs = await cluster.open(3)
  await cluster.ready()
  const [other] = await cluster.open(1, { prepare: claimOtherWireVersion })
  const id = await other.me()
  const refusals = /an older version.*: reload|different versions. Reload the older one/
  const seen = await other.until(
    'refused by all',
    ({ links }) => links.length === 3 && links.every(({ refused }) => refused?.match(refusals)),
  )
  expect(seen).toMatchObject({ phase: 'joining', group: undefined })
  for (const tab of tabs) {
    const { why } = await tab.until(
      'a newer one',
      ({ links, outdated }) =>
        links.some(({ peer, refused }) => peer === id && refused !== undefined) && outdated,
    )
    expect(why).toBe('This tab runs an older version than another one in this room: reload it.')
  }
  await goesOn(cluster, tabs)
})

test('[UP18] a command of a megabyte is not sent, and says why', async ({ cluster }) => {
  const [tab] = await cluster.open(3)
  await cluster.ready()
  expect(await tab.write('x'.repeat(1024 * 1024))).toEqual([{ kind: 'not-sent', why: 'too-large' }])
  expect(await caught(tab, 'long line')).toMatchObject({
    name: 'NotSent',
    code: 'not-sent',
    message: expect.stringContaining('64 KiB'),
  })
  await goesOn(cluster)
})

test('[UP19] a command at which the machine throws ends with its error, and the group goes on', async ({
  cluster,
}) => {
  await cluster.open(3)
  await cluster.ready()
  for (const tab of cluster.tabs) {
    expect(await caught(tab, 'explode')).toMatchObject({
      name: 'MachineError',
      code: 'machine-threw',
      message: expect.stringContaining('always throws'),
    })
  }
  await goesOn(cluster)
})

test('[UP20] proposals beyond the queue are refused, and all others are decided', async ({
  cluster,
}) => {
  await cluster.open(3)
  await cluster.ready()
  const [tab] = await cluster.rest()
  const lines = Array.from({ length: 5000 }, (_, count) => `line ${count}`)
  const outcomes = (await tab?.write(...lines)) ?? []
  const refused = outcomes.filter(({ kind }) => kind !== 'committed')
  expect(refused).toHaveLength(5000 - 4096)
  for (const outcome of refused) expect(outcome).toEqual({ kind: 'not-sent', why: 'overloaded' })
  const decided = (await tab?.state())?.lines ?? []
  expect([...decided].sort()).toEqual(lines.slice(0, 4096).sort())
  await goesOn(cluster)
})

test('[UP21] an origin that is not secure is refused with a way out, and the way out works', async ({
  cluster,
}) => {
  const [refused] = await cluster.open(1, { insecure: true })
  expect(await refused.refusal()).toMatchObject({
    name: 'InsecureOrigin',
    code: 'insecure-origin',
    message: expect.stringContaining('memoryStorage()'),
  })
  await refused.close()

  const [tab] = await cluster.open(1, { insecure: true, storage: 'memory' })
  await tab.until('a group', ({ phase }) => phase === 'ready')
  expect(await tab.status()).toMatchObject({ storage: { kind: 'memory', durability: 'none' } })
  await goesOn(cluster)
})
