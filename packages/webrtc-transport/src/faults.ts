/**
 * Troubles made on purpose, for demonstrations and tests: the platform's channels and sockets with a way to break them, and
 * the gate through which messages pass. Whoever makes none of these has a mesh that knows nothing of them.
 */
import type { ReplicaId } from '@unanimous/core'
import { FaultGate } from './fault-gate.ts'
import {
  faultsOf,
  noFaults,
  planWith,
  planWithout,
  type Aim,
  type Fault,
  type FaultPlan,
  type Track,
} from './fault-plan.ts'
import type { LinkChannel, LinkChannelEvents, OpenLinkChannel } from './link-channel.ts'
import { Observers } from './observers.ts'
import type { OpenTextSocket, TextSocket, TextSocketEvents } from './text-socket.ts'
import { platformTimers, type Timers } from './timers.ts'

/** How a broken connection closes. */
const brokenCode = 1006

/** What `MeshFaults` is made of. */
export interface FaultParts {
  /** In [0, 1): the same numbers give the same messages the same fate. */
  readonly chance: () => number
  /** Called with what a listener threw. */
  readonly onThrown: (cause: unknown) => void
  /** Default: the timers of the page. */
  readonly timers?: Timers
}

interface OpenedSocket {
  readonly events: TextSocketEvents
  readonly socket: TextSocket
}

/** All the troubles of one mesh; `createMesh` takes it as `faults`. */
export class MeshFaults {
  readonly #parts: FaultParts
  readonly #observers: Observers
  readonly #timers: Timers
  readonly #channels = new Map<LinkChannel, { peer: ReplicaId; events: LinkChannelEvents }>()
  readonly #sockets = new Set<OpenedSocket>()
  #chance: () => number
  #plan: FaultPlan = noFaults
  #stopped = false
  #list: readonly Fault[] | undefined
  /** Messages pass here. */
  readonly gate: FaultGate

  constructor(parts: FaultParts) {
    this.#parts = parts
    this.#chance = parts.chance
    this.#timers = parts.timers ?? platformTimers
    this.#observers = new Observers((cause) => this.#parts.onThrown(cause))
    this.gate = new FaultGate({
      timers: this.#timers,
      chance: () => this.#chance(),
      plan: () => this.#plan,
    })
  }

  /** All that is wrong now; the same array until that changes. */
  list(): readonly Fault[] {
    this.#list ??= [
      ...faultsOf(this.#plan),
      ...(this.#stopped ? [{ type: 'signaling-stopped' } as const] : []),
    ]
    return this.#list
  }

  /** Called, once a turn at most, after `list()` has changed. Returns how to stop. */
  subscribe(listener: () => void): () => void {
    return this.#observers.subscribe(listener)
  }

  /** Replaces what was asked for before of the same kind. */
  set(aim: Aim, part: Partial<Track>): void {
    this.#plan = planWith(this.#plan, aim, part)
    this.#changed()
  }

  /** Ends what was asked for about that peer, or about all. Signaling is not touched. */
  heal(peer?: ReplicaId): void {
    this.#plan = planWithout(this.#plan, peer)
    this.#changed()
  }

  /** From here on chance is this one. */
  reseed(chance: () => number): void {
    this.#chance = chance
  }

  /** Ends the connection that links with that peer, as a network that changed does; the mesh builds another. */
  breakLink(peer: ReplicaId): void {
    for (const [channel, link] of [...this.#channels]) {
      if (link.peer !== peer) continue
      channel.close()
      this.#channels.delete(channel)
      queueMicrotask(() => link.events.onEnded('broken on purpose'))
    }
  }

  /** Every signaling server breaks off and none answers, until `startSignaling`. */
  stopSignaling(): void {
    if (this.#stopped) return
    this.#stopped = true
    for (const { events, socket } of this.#sockets) {
      socket.close()
      queueMicrotask(() => events.onClosed(brokenCode))
    }
    this.#sockets.clear()
    this.#changed()
  }

  startSignaling(): void {
    if (!this.#stopped) return
    this.#stopped = false
    this.#changed()
  }

  /** Channels that `breakLink` finds. */
  channels(open: OpenLinkChannel): OpenLinkChannel {
    return (options, events) => {
      const channel = open(options, {
        ...eventsOf(events),
        onEnded: (detail) => {
          if (this.#channels.delete(channel)) events.onEnded(detail)
        },
      })
      this.#channels.set(channel, { peer: options.peer, events })
      return {
        signal: (signal) => channel.signal(signal),
        send: (packet) => channel.send(packet),
        bufferedBytes: () => channel.bufferedBytes(),
        route: () => channel.route(),
        close: () => {
          this.#channels.delete(channel)
          channel.close()
        },
      }
    }
  }

  /** Sockets that `stopSignaling` finds. */
  sockets(open: OpenTextSocket): OpenTextSocket {
    return (url, events) => {
      if (this.#stopped) return this.#refused(events)
      const opened: OpenedSocket = {
        events,
        socket: open(url, {
          onOpen: () => events.onOpen(),
          onText: (text) => events.onText(text),
          onClosed: (code) => {
            if (this.#sockets.delete(opened)) events.onClosed(code)
          },
        }),
      }
      this.#sockets.add(opened)
      return {
        send: (text) => opened.socket.send(text),
        bufferedBytes: () => opened.socket.bufferedBytes(),
        close: () => {
          this.#sockets.delete(opened)
          opened.socket.close()
        },
      }
    }
  }

  #refused(events: TextSocketEvents): TextSocket {
    const cancel = this.#timers.after(1, () => events.onClosed(brokenCode))
    return { send: () => undefined, bufferedBytes: () => 0, close: cancel }
  }

  #changed(): void {
    this.#list = undefined
    this.#observers.changed()
  }
}

/** Events may be methods of an object: each is called on it. */
const eventsOf = (events: LinkChannelEvents): LinkChannelEvents => ({
  onSignal: (signal) => events.onSignal(signal),
  onOpen: () => events.onOpen(),
  onPacket: (packet) => events.onPacket(packet),
  onDrained: () => events.onDrained(),
  onEnded: (detail) => events.onEnded(detail),
})
