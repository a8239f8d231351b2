import { describe, expect, it } from 'vitest'
import type { TransportEvents } from '../ports/transport.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import { replicaId } from '../protocol/ids.ts'
import type { MemoryHub } from './memory-transport.ts'
import { createMemoryHub } from './memory-transport.ts'
import { describeTransportContract } from './transport-contract.ts'

const [a, b, c] = ['a', 'b', 'c'].map((digit) => replicaId(digit.repeat(32))) as [
  ReplicaId,
  ReplicaId,
  ReplicaId,
]

describeTransportContract({ describe, it, expect }, 'a hub in memory', () => {
  const hub = createMemoryHub()
  const end = (id: ReplicaId) => ({ id, transport: hub.join(id) })
  return Promise.resolve({ ends: [end(a), end(b)], clean: () => Promise.resolve() })
})

/** Started, with what it hears as short words: `a up`, `a 7`. */
function listen(hub: MemoryHub, id: ReplicaId) {
  const heard: string[] = []
  const events: TransportEvents = {
    onLink: (peer, state) => heard.push(`${peer.slice(0, 1)} ${state}`),
    onMessage: (peer, [first]) => heard.push(`${peer.slice(0, 1)} ${String(first)}`),
  }
  const transport = hub.join(id)
  transport.start(events)
  const send = (to: ReplicaId, first: number): boolean =>
    transport.send(to, Uint8Array.of(first), 'data')
  return { heard, send, transport }
}

const manual = (): MemoryHub => createMemoryHub({ delivery: 'manual' })

describe('a hub in memory, moved by hand', () => {
  it('[TP7] delivers only when told, and what that sets off at the next time', () => {
    const hub = manual()
    const [one, two] = [listen(hub, a), listen(hub, b)]
    expect(one.heard).toEqual([])
    expect(hub.deliver()).toBe(0)
    one.send(b, 1)
    two.send(a, 2)
    expect(hub.deliver()).toBe(2)
    expect([one.heard, two.heard]).toEqual([
      ['b up', 'b 2'],
      ['a up', 'a 1'],
    ])
    expect(hub.deliver()).toBe(0)
  })

  it('[TP7] a link that goes down takes what was on its way with it, and comes up anew', () => {
    const hub = manual()
    const [one, two, three] = [listen(hub, a), listen(hub, b), listen(hub, c)]
    hub.deliver()
    one.send(b, 1)
    one.send(c, 2)
    hub.setLink(b, a, 'down')
    expect(one.send(b, 3)).toBe(false)
    hub.deliver()
    expect(two.heard).toEqual(['a up', 'c up', 'a down'])
    expect(three.heard).toEqual(['a up', 'b up', 'a 2'])
    hub.setLink(a, b, 'up')
    expect(one.send(b, 4)).toBe(true)
    hub.deliver()
    expect(two.heard).toEqual(['a up', 'c up', 'a down', 'a up', 'a 4'])
  })

  it('[TP7] who comes later finds the links that were cut before cut', () => {
    const hub = manual()
    hub.setLink(a, b, 'down')
    const [one, two] = [listen(hub, a), listen(hub, b)]
    hub.deliver()
    expect([one.heard, two.heard]).toEqual([[], []])
  })

  it('[TP7] loses what the rule says, while the sender believes that it left', () => {
    const hub = manual()
    const [one, two] = [listen(hub, a), listen(hub, b)]
    hub.loseWhen(({ bytes: [first = 0], to }) => to === b && first > 1)
    expect([one.send(b, 1), one.send(b, 2), two.send(a, 3)]).toEqual([true, true, true])
    hub.loseWhen()
    one.send(b, 4)
    hub.deliver()
    expect(two.heard).toEqual(['a up', 'a 1', 'a 4'])
    expect(one.heard).toEqual(['b up', 'b 3'])
  })

  it('[TP7] a full link refuses', () => {
    const hub = createMemoryHub({ delivery: 'manual', queueLengthMax: 2 })
    const one = listen(hub, a)
    listen(hub, b)
    expect([one.send(b, 1), one.send(b, 2), one.send(b, 3)]).toEqual([true, true, false])
  })

  it('[TP7] an id that left may come back, as another end', () => {
    const hub = manual()
    const two = listen(hub, b)
    const one = listen(hub, a)
    hub.deliver()
    expect(() => hub.join(a)).toThrow('close it before')
    one.send(b, 1)
    one.transport.closeNow()
    const again = listen(hub, a)
    again.send(b, 2)
    hub.deliver()
    expect(two.heard).toEqual(['a up', 'a 1', 'a down', 'a up', 'a 2'])
    expect(one.heard).toEqual(['b up'])
  })
})
