/**
 * A Yjs document that y-webrtc shares between the tabs: the same network, no agreement and no disk. Set up so that every
 * update goes over WebRTC and none over BroadcastChannel.
 */
import { WebrtcProvider } from 'y-webrtc'
import { Doc } from 'yjs'
import type { DocumentPlace, DocumentPlan, DocumentRun } from './bench-page.ts'
import { moment, nextTurn } from './moment.ts'

/** What y-webrtc keeps of a peer; not part of its public face. */
interface Connection {
  readonly connected: boolean
  readonly peer: { readonly _channel: RTCDataChannel | null }
}

/** Turns are long enough that they do not cost much, short enough that what comes in is read in time. */
const updatesPerTurn = 32

const list = 'list'

export class DocumentOfTab {
  readonly #doc = new Doc()
  readonly #provider: WebrtcProvider
  readonly #tab: number

  constructor({ room, signal, tab }: DocumentPlace) {
    this.#tab = tab
    this.#provider = new WebrtcProvider(room, this.#doc, {
      signaling: [signal],
      filterBcConns: false,
      // Without a list of its own simple-peer would ask the STUN servers of third parties.
      peerOpts: { config: { iceServers: [] } },
    })
  }

  /** The WebRTC peers that are connected. */
  peers(): number {
    return this.#connections().filter(({ connected }) => connected).length
  }

  async fill({ count, total, bytes, windowBytes }: DocumentPlan): Promise<DocumentRun> {
    const array = this.#doc.getArray<string>(list)
    const { room } = this.#provider
    // It would tell a BroadcastChannel of every update too, where nobody listens.
    if (room !== null) room.bcconnected = false
    const all = new Promise<void>((resolve) => {
      const look = (): void => {
        if (array.length < total) return
        array.unobserve(look)
        resolve()
      }
      array.observe(look)
    })
    const startedAt = moment()
    for (let made = 0; made < count; made += 1) {
      array.push([`${this.#tab}.${made} `.padEnd(bytes, 'x')])
      if (made % updatesPerTurn === 0) await this.#room(windowBytes)
    }
    await all
    const endedAt = moment()
    const text = new TextEncoder().encode(JSON.stringify(array.toJSON()))
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', text))
    const hex = [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    return { startedAt, endedAt, hash: hex, broadcastPeers: room?.bcConns.size ?? 0 }
  }

  /** y-webrtc drops what a full channel does not take, so the writer waits while one is filling up. */
  async #room(windowBytes: number): Promise<void> {
    do await nextTurn()
    while (
      this.#connections().some(({ peer }) => (peer._channel?.bufferedAmount ?? 0) > windowBytes)
    )
  }

  #connections(): readonly Connection[] {
    const connections: ReadonlyMap<string, Connection> | undefined =
      this.#provider.room?.webrtcConns
    return [...(connections?.values() ?? [])]
  }
}
