import { peerId, roomName } from '@unanimous/signaling-protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Rooms } from './rooms.ts'

const seed = 20_240_611
const rooms = ['red', 'blue', 'green'].map(roomName)
const peers = ['a', 'b', 'c', 'd'].map((digit) => peerId(digit.repeat(32)))

/** The same by lists, looked through from end to end: nothing to get wrong. */
interface Seat {
  readonly room: string
  readonly peer: string
  readonly member: number
}

test('[SG8] [SG9] [SG17] rooms agree with a list of seats, whatever happens in whatever order', () => {
  const actions = fc.array(
    fc.record({
      leaves: fc.boolean(),
      room: fc.constantFrom(...rooms),
      peer: fc.constantFrom(...peers),
      member: fc.nat({ max: 5 }),
    }),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(actions, (steps) => {
      const limits = { roomsMax: 2, peersPerRoomMax: 3 }
      const tested = new Rooms<number>(limits)
      let seats: readonly Seat[] = []
      for (const { leaves, room, peer, member } of steps) {
        const inRoom = seats.filter((seat) => seat.room === room)
        const held = inRoom.find((seat) => seat.peer === peer)
        const rest = inRoom.filter((seat) => seat.peer !== peer)
        if (leaves) {
          const mine = held?.member === member
          expect(tested.leave(room, peer, member)).toEqual(
            mine ? rest.map((seat) => seat.member) : [],
          )
          if (mine) seats = seats.filter((seat) => seat !== held)
        } else {
          const outcome = tested.join(room, peer, member)
          if (inRoom.length === 0 && new Set(seats.map((seat) => seat.room)).size >= 2) {
            expect(outcome).toEqual({ ok: false, why: 'server-full' })
          } else if (held === undefined && inRoom.length >= 3) {
            expect(outcome).toEqual({ ok: false, why: 'room-full' })
          } else {
            expect(outcome).toEqual({
              ok: true,
              earlier: rest.map((seat) => seat.peer),
              others: rest.map((seat) => seat.member),
              replaced: held?.member,
            })
            seats = [...seats.filter((seat) => seat !== held), { room, peer, member }]
          }
        }
        expect(tested.peerCount).toBe(seats.length)
        expect(tested.roomCount).toBe(new Set(seats.map((seat) => seat.room)).size)
        expect(tested.find(room, peer)).toBe(
          seats.find((seat) => seat.room === room && seat.peer === peer)?.member,
        )
      }
    }),
    { seed, numRuns: 500 },
  )
})
