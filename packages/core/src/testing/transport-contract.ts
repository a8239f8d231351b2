/** What every transport must do. Knows the port, no implementation; how links come to be is for the caller. */
import type { Transport } from '../ports/transport.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import { replicaId } from '../protocol/ids.ts'
import type { Case, TestRunner } from './test-runner.ts'
import { fact, runCases } from './test-runner.ts'

/** One replica's transport, not started yet. */
export interface TransportEnd {
  readonly id: ReplicaId
  readonly transport: Transport
}

/** Two ends that will be linked with each other, and with nobody else, soon after both are started. */
export interface TransportBench {
  readonly ends: readonly [TransportEnd, TransportEnd]
  /** Called when the test is over, whatever became of it. */
  clean(): Promise<void>
}

const payload = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => (at * 31 + seed) & 0xff)

/** What one end heard, and how to wait for more of it. */
class Ear {
  readonly links: string[] = []
  readonly messages: Uint8Array[] = []
  /** All that happened, in order: 'up', 'down' and the lengths of messages. */
  readonly story: (string | number)[] = []
  #waiting: { readonly enough: () => boolean; readonly resolve: () => void }[] = []
  inCall = false
  calledBackInCall = false

  constructor({ transport }: TransportEnd, peer: ReplicaId) {
    this.during(() =>
      transport.start({
        onLink: (id, state) => this.#note(id === peer, state, () => this.links.push(state)),
        onMessage: (id, bytes) =>
          this.#note(id === peer, bytes.length, () => this.messages.push(bytes)),
      }),
    )
  }

  /** Whatever is called back from within `call` is noted. */
  during<T>(call: () => T): T {
    this.inCall = true
    const result = call()
    this.inCall = false
    return result
  }

  until(enough: () => boolean): Promise<void> {
    if (enough()) return Promise.resolve()
    return new Promise((resolve) => {
      this.#waiting.push({ enough, resolve })
    })
  }

  #note(fromPeer: boolean, what: string | number, keep: () => void): void {
    if (this.inCall) this.calledBackInCall = true
    this.story.push(fromPeer ? what : 'from a stranger')
    keep()
    this.#waiting = this.#waiting.filter(({ enough, resolve }) => {
      if (!enough()) return true
      resolve()
      return false
    })
  }
}

interface Linked {
  readonly a: TransportEnd
  readonly b: TransportEnd
  readonly earA: Ear
  readonly earB: Ear
}

async function linked({ ends: [a, b] }: TransportBench): Promise<Linked> {
  const earA = new Ear(a, b.id)
  const earB = new Ear(b, a.id)
  await earA.until(() => earA.links.length > 0)
  await earB.until(() => earB.links.length > 0)
  return { a, b, earA, earB }
}

const cases: readonly Case<TransportBench>[] = [
  fact('[TP1] a link is told to both ends, before its first message', async (bench, expect) => {
    const { a, b, earA, earB } = await linked(bench)
    a.transport.send(b.id, payload(3, 1), 'data')
    b.transport.send(a.id, payload(4, 1), 'control')
    await earA.until(() => earA.messages.length === 1)
    await earB.until(() => earB.messages.length === 1)
    expect(earA.story).toEqual(['up', 4])
    expect(earB.story).toEqual(['up', 3])
  }),

  fact('[TP2] messages arrive whole, unaltered and in order', async (bench, expect) => {
    const { a, b, earB } = await linked(bench)
    const messages = [1, 16_383, 16_384, 16_385, 70_000, 300_000, 2].map(payload)
    for (const message of messages) expect(a.transport.send(b.id, message, 'data')).toBe(true)
    await earB.until(() => earB.messages.length === messages.length)
    expect(earB.messages.map((bytes) => bytes.length)).toEqual(messages.map((m) => m.length))
    const same = earB.messages.map((bytes, at) =>
      bytes.every((byte, i) => byte === messages[at]?.[i]),
    )
    expect(same).toEqual(messages.map(() => true))
  }),

  fact('[TP2] many small messages keep their order in each class', async (bench, expect) => {
    const { a, b, earB } = await linked(bench)
    const count = 500
    for (let at = 0; at < count; at += 1) {
      const priority = at % 2 === 0 ? 'data' : 'control'
      expect(a.transport.send(b.id, Uint8Array.of(at & 1, at >> 8, at & 0xff), priority)).toBe(true)
    }
    await earB.until(() => earB.messages.length === count)
    for (const parity of [0, 1]) {
      const numbers = earB.messages
        .filter(([own]) => own === parity)
        .map(([, high = 0, low = 0]) => high * 256 + low)
      expect(numbers).toEqual([...numbers].sort((x, y) => x - y))
      expect(numbers.length).toBe(count / 2)
    }
  }),

  fact('[TP3] a control message overtakes data that waits', async (bench, expect) => {
    const { a, b, earB } = await linked(bench)
    let count = 0
    // More than any channel takes at once, and no more than a queue may hold.
    while (count < 48 && a.transport.send(b.id, payload(64 * 1024, count), 'data')) count += 1
    expect(count > 20).toBe(true)
    expect(a.transport.send(b.id, payload(3, 0), 'control')).toBe(true)
    await earB.until(() => earB.messages.length === count + 1)
    expect(earB.messages.findIndex((bytes) => bytes.length === 3) < count).toBe(true)
  }),

  fact('[TP4] to a stranger nothing is sent, and the sender is told', async (bench, expect) => {
    const { a, b, earB } = await linked(bench)
    const stranger = replicaId('5'.repeat(32))
    expect(a.transport.send(stranger, payload(3, 1), 'data')).toBe(false)
    expect(a.transport.send(a.id, payload(3, 1), 'data')).toBe(false)
    expect(a.transport.send(b.id, payload(4, 1), 'data')).toBe(true)
    await earB.until(() => earB.messages.length === 1)
    expect(earB.story).toEqual(['up', 4])
  }),

  fact(
    '[TP5] closing hands over what is queued, then the other end hears of the end',
    async (bench, expect) => {
      const { a, b, earA, earB } = await linked(bench)
      for (let at = 1; at <= 20; at += 1) a.transport.send(b.id, payload(at, at), 'data')
      a.transport.send(b.id, payload(21, 21), 'control')
      earA.during(() => a.transport.closeNow())
      const heard = earA.story.length
      await earB.until(() => earB.links.includes('down'))
      expect(earB.messages.length).toBe(21)
      expect(earB.story.at(-1)).toBe('down')
      expect(a.transport.send(b.id, payload(3, 1), 'data')).toBe(false)
      expect(b.transport.send(a.id, payload(3, 1), 'data')).toBe(false)
      a.transport.closeNow()
      expect(earA.story.length).toBe(heard)
    },
  ),

  fact('[TP6] nothing is called back from within a call', async (bench, expect) => {
    const { a, b, earA, earB } = await linked(bench)
    for (let at = 0; at < 20; at += 1) {
      earA.during(() => a.transport.send(b.id, payload(10, at), 'control'))
      earB.during(() => b.transport.send(a.id, payload(10, at), 'data'))
    }
    await earA.until(() => earA.messages.length === 20)
    await earB.until(() => earB.messages.length === 20)
    earB.during(() => b.transport.closeNow())
    await earA.until(() => earA.links.includes('down'))
    expect([earA.calledBackInCall, earB.calledBackInCall]).toEqual([false, false])
  }),
]

/** Runs the suite. `bench` is called for each test. */
export function describeTransportContract(
  runner: TestRunner,
  name: string,
  bench: () => Promise<TransportBench>,
): void {
  runCases(runner, `${name} as a transport`, { cases, bench })
}
