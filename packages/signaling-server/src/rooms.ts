/**
 * Who is in which room, in join order. Knows neither sockets nor messages: a member is whatever the caller keeps, and
 * what happens is returned, not done.
 */

import type { PeerId, RoomName } from '@unanimous/signaling-protocol'

export type JoinOutcome<Member> =
  | {
      readonly ok: true
      /** Who was there before, earliest first, without the newcomer. */
      readonly earlier: readonly PeerId[]
      readonly others: readonly Member[]
      /** Who held this id until now, and is out of the room. */
      readonly replaced: Member | undefined
    }
  | { readonly ok: false; readonly why: 'room-full' | 'server-full' }

export class Rooms<Member> {
  readonly #rooms = new Map<RoomName, Map<PeerId, Member>>()
  readonly #roomsMax: number
  readonly #peersPerRoomMax: number
  #peerCount = 0

  constructor(limits: { readonly roomsMax: number; readonly peersPerRoomMax: number }) {
    this.#roomsMax = limits.roomsMax
    this.#peersPerRoomMax = limits.peersPerRoomMax
  }

  get roomCount(): number {
    return this.#rooms.size
  }

  get peerCount(): number {
    return this.#peerCount
  }

  /** The newest holder of an id wins, and goes to the END of the join order: it knows nothing of what came before. */
  join(name: RoomName, peer: PeerId, member: Member): JoinOutcome<Member> {
    const room = this.#rooms.get(name) ?? new Map<PeerId, Member>()
    if (room.size === 0 && this.#rooms.size >= this.#roomsMax) {
      return { ok: false, why: 'server-full' }
    }
    const replaced = room.get(peer)
    if (replaced === undefined && room.size >= this.#peersPerRoomMax) {
      return { ok: false, why: 'room-full' }
    }
    // Maps keep the order of insertion; a key that is set again would keep its old place.
    if (room.delete(peer)) this.#peerCount -= 1
    const earlier = [...room.keys()]
    const others = [...room.values()]
    room.set(peer, member)
    this.#peerCount += 1
    this.#rooms.set(name, room)
    return { ok: true, earlier, others, replaced }
  }

  /** Who remains. Nothing happens, and nobody is returned, if the id has passed on to another member. */
  leave(name: RoomName, peer: PeerId, member: Member): readonly Member[] {
    const room = this.#rooms.get(name)
    if (room?.get(peer) !== member) return []
    room.delete(peer)
    this.#peerCount -= 1
    if (room.size === 0) this.#rooms.delete(name)
    return [...room.values()]
  }

  find(name: RoomName, peer: PeerId): Member | undefined {
    return this.#rooms.get(name)?.get(peer)
  }
}
