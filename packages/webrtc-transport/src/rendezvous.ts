/**
 * All signaling servers as one: who can be reached through any of them, and what the first of them that answers says
 * about the order in the room. Knows nothing of links.
 */
import type { ReplicaId } from '@unanimous/core'
import type { ErrorCode } from '@unanimous/signaling-protocol'
import type { MeshLimits } from './limits.ts'
import type { RoomEvent } from './link-state.ts'
import type { MeshProblem, ServerFault } from './mesh-problem.ts'
import { viewOnJoining, viewWith, viewWithout, type RoomView } from './room-view.ts'
import { SignalingClient } from './signaling-client.ts'
import type { OpenTextSocket } from './text-socket.ts'
import type { Timers } from './timers.ts'

/** What is known of the room. The same object until something in it changes. */
export interface Rendezvous {
  /** `online`: at least one server has us in the room. `connecting`: none has yet, and not all have failed. */
  readonly state: 'connecting' | 'online' | 'offline'
  /**
   * The others in the room, earliest first, as the first listed server that answers has it; while offline, as it was
   * last known.
   */
  readonly peers: readonly ReplicaId[]
  /** By the same server: those in the room who joined before this peer. Only means something once `answered`. */
  readonly earlier: readonly ReplicaId[]
  /**
   * A server has said who is in the room, and those listed before it had their chance (`limits.serverPatienceMs`).
   * Stays true from then on.
   */
  readonly answered: boolean
  /** The latest thing that went wrong with a server. */
  readonly lastError?: {
    readonly url: string
    readonly why: ServerFault
    readonly code?: ErrorCode
    readonly detail?: string
  }
}

export interface RendezvousOptions {
  readonly urls: readonly string[]
  readonly room: string
  readonly self: ReplicaId
  readonly limits: MeshLimits
  readonly timers: Timers
  readonly random: () => number
  readonly openSocket: OpenTextSocket
}

export interface RendezvousEvents {
  onRoom(peer: ReplicaId, event: RoomEvent): void
  /** From a peer that the server which passed it on lists. */
  onSignal(from: ReplicaId, data: string): void
  onChange(): void
  report(problem: MeshProblem): void
}

interface Server {
  readonly client: SignalingClient
  /** While it has us in the room. */
  view: RoomView | undefined
  /** Who was in the room since we joined it: one of these who joins again is another page, or lost its socket. */
  readonly seen: Set<ReplicaId>
}

/**
 * Which server carries a signal. A number counts attempts: each goes by another server, since one may be broken without
 * knowing it. `reply`: the one that carried what is answered.
 */
export type Route = number | 'reply'

/** A room in which so many came and went is not told apart any more; the cost is a slower reconnect. */
const seenMax = 1024

export class RendezvousClient {
  readonly #options: RendezvousOptions
  readonly #events: RendezvousEvents
  readonly #servers: readonly Server[]
  /** Which server carried the last signal of a peer that some server lists. */
  readonly #heardBy = new Map<ReplicaId, Server>()
  #patient = true
  #cancelPatience: (() => void) | undefined
  #snapshot: Rendezvous

  constructor(options: RendezvousOptions, events: RendezvousEvents) {
    this.#options = options
    this.#events = events
    this.#servers = options.urls.map((url) => this.#server(url))
    this.#snapshot = { state: 'connecting', peers: [], earlier: [], answered: false }
  }

  open(): void {
    const { timers, limits } = this.#options
    this.#cancelPatience = timers.after(limits.serverPatienceMs, () => {
      this.#patient = false
      this.#update()
    })
    for (const { client } of this.#servers) client.open()
    this.#update()
  }

  snapshot(): Rendezvous {
    return this.#snapshot
  }

  /** By one of the servers that list `to`. False: it surely does not arrive. */
  signal(to: ReplicaId, data: string, route: Route): boolean {
    const listing = this.#servers.filter((server) => lists(server, to))
    const heard = this.#heardBy.get(to)
    const attempt = route === 'reply' ? 0 : route
    const server =
      route === 'reply' && heard !== undefined && listing.includes(heard)
        ? heard
        : listing[attempt % listing.length]
    return server?.client.signal(to, data) ?? false
  }

  probe(): void {
    for (const { client } of this.#servers) client.probe()
  }

  /** Synchronous, and nothing comes after. */
  close(): void {
    this.#cancelPatience?.()
    for (const server of this.#servers) {
      server.client.close()
      server.view = undefined
    }
    this.#snapshot = { ...this.#snapshot, state: 'offline' }
  }

  #server(url: string): Server {
    const { room, self, limits, timers, random, openSocket } = this.#options
    const server: Server = {
      view: undefined,
      seen: new Set(),
      client: new SignalingClient(
        { url, room, self, limits, timers, random, openSocket },
        {
          onJoined: (peers) => this.#onJoined(server, peers),
          onPeerJoined: (peer) => this.#onPeerJoined(server, peer),
          onPeerLeft: (peer) => this.#onPeerLeft(server, peer),
          onSignal: (from, data) => {
            if (!lists(server, from)) return
            this.#heardBy.set(from, server)
            this.#events.onSignal(from, data)
          },
          onGone: () => this.#onGone(server),
          onFault: (why, code, detail) => this.#onFault(url, why, code, detail),
        },
      ),
    }
    return server
  }

  #onJoined(server: Server, peers: readonly ReplicaId[]): void {
    const known = peers.filter((peer) => this.lists(peer))
    server.view = viewOnJoining(peers)
    server.seen.clear()
    for (const peer of peers) {
      server.seen.add(peer)
      if (!known.includes(peer)) this.#events.onRoom(peer, 'present')
    }
    this.#update()
  }

  #onPeerJoined(server: Server, peer: ReplicaId): void {
    if (server.view === undefined || peer === this.#options.self) return
    const known = this.lists(peer)
    const again = server.seen.has(peer)
    if (server.seen.size >= seenMax) server.seen.clear()
    server.seen.add(peer)
    server.view = viewWith(server.view, peer)
    if (!known) this.#events.onRoom(peer, 'present')
    else if (again) this.#events.onRoom(peer, 'rejoined')
    this.#update()
  }

  #onPeerLeft(server: Server, peer: ReplicaId): void {
    if (server.view === undefined || !lists(server, peer)) return
    server.view = viewWithout(server.view, peer)
    if (!this.lists(peer)) this.#lost(peer, 'absent')
    this.#update()
  }

  #onGone(server: Server): void {
    const peers = server.view?.peers ?? []
    server.view = undefined
    for (const peer of peers) {
      if (!this.lists(peer)) this.#lost(peer, 'unreachable')
    }
    this.#update()
  }

  #lost(peer: ReplicaId, event: RoomEvent): void {
    this.#heardBy.delete(peer)
    this.#events.onRoom(peer, event)
  }

  #onFault(url: string, why: ServerFault, code?: ErrorCode, detail?: string): void {
    const lastError = {
      url,
      why,
      ...(code === undefined ? {} : { code }),
      ...(detail === undefined ? {} : { detail }),
    }
    this.#snapshot = { ...this.#snapshot, lastError }
    this.#events.report({ type: 'signaling', ...lastError })
    this.#events.onChange()
  }

  /** Whether some server says that it is in the room. */
  lists(peer: ReplicaId): boolean {
    return this.#servers.some((server) => lists(server, peer))
  }

  /** The view of the first listed server that answers, once nobody before it is still expected to. */
  #deciding(): RoomView | undefined {
    for (const { client, view } of this.#servers) {
      if (view !== undefined) return view
      if (client.status === 'dialling' && this.#patient) return undefined
    }
    return undefined
  }

  #update(): void {
    const before = this.#snapshot
    const online = this.#servers.some(({ view }) => view !== undefined)
    const dialling = this.#servers.some(({ client }) => client.status === 'dialling')
    const view = this.#deciding()
    const next: Rendezvous = {
      ...before,
      state: online ? 'online' : dialling ? 'connecting' : 'offline',
      ...(view === undefined ? {} : { answered: true, peers: view.peers, earlier: view.earlier }),
    }
    const same =
      before.state === next.state &&
      before.peers === next.peers &&
      before.earlier === next.earlier &&
      before.answered === next.answered
    if (same) return
    this.#snapshot = next
    this.#events.onChange()
  }
}

const lists = ({ view }: Server, peer: ReplicaId): boolean => view?.peers.includes(peer) === true
