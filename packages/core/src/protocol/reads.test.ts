import { describe, expect, it } from 'vitest'
import type { ProtocolState } from './state.ts'
import {
  a,
  act,
  b,
  ballot,
  c,
  config,
  first,
  genesis,
  groupOf,
  leading,
  noop,
} from '../testing/stores.ts'
import { command, reasons, sent, storeOf, Stores } from '../testing/stores.ts'
import type { Effects } from './effects.ts'
import type { Index, ReplicaId } from './ids.ts'
import { incarnation, ownVote } from './ids.ts'
import { askersMax, readAgainMs } from './limits.ts'
import { startPreparing } from './prepare.ts'
import type { ReadIndexReply } from './message.ts'
import type { Context } from './state.ts'
import {
  askForReads,
  beginRead,
  beginReadRound,
  endRead,
  onReadAck,
  onReadIndex,
  onReadIndexReply,
  onReadProbe,
  repeatReadRound,
  tellReadable,
} from './reads.ts'

const second = ballot(2, a)

/** `a` leads three, and an entry of its ballot is decided. */
function led(): Stores {
  const stores = groupOf([a, b, c])
  stores.elect(a)
  return stores
}

const readable = (effects: Effects): readonly number[] =>
  effects.notify.flatMap((event) => (event.type === 'readable' ? event.reads : []))

/** What the end of a moment does. */
function flush(context: Context): void {
  const { state } = context
  askForReads(context, state.promised)
  if (state.role.phase === 'leading') beginReadRound(context, state.role)
  tellReadable(context)
}

function read(state: ProtocolState, ...ids: readonly number[]): Effects {
  return act(state, (context) => {
    for (const id of ids) beginRead(context, id, 'linearizable')
    flush(context)
  })
}

const ack = (state: ProtocolState, from: ReplicaId, round = 1, of = second): Effects =>
  act(state, (context) => {
    onReadAck(context, from, { type: 'readAck', ballot: of, round, votes: [ownVote(from)] })
    tellReadable(context)
  })

describe('a read at the leader', () => {
  it('[RD1] is answered once a majority of the voters was asked after it began', () => {
    const leader = led().of(a)
    const asked = read(leader, 1)
    expect(sent(asked, 'readProbe').map(({ to }) => to)).toEqual([b, c])
    expect(readable(asked)).toEqual([])
    expect(readable(ack(leader, b))).toEqual([1])
  })

  it('[RD2] that begins while a round is under way waits for the next, and all that wait share it', () => {
    const leader = led().of(a)
    read(leader, 1)
    const meanwhile = read(leader, 2, 3)
    expect(sent(meanwhile, 'readProbe')).toEqual([])
    const next = ack(leader, b)
    expect(readable(next)).toEqual([1])
    expect(sent(next, 'readProbe').map(({ message }) => message.round)).toEqual([2, 2])
    expect(reasons(ack(leader, c))).toEqual(['otherRound'])
    expect(readable(ack(leader, c, 2))).toEqual([2, 3])
  })

  it('[RD3] waits until an entry of the leader’s own ballot is decided', () => {
    const stores = groupOf([a, b, c], (_, { message }) => message.type === 'accepted')
    stores.elect(a)
    const leader = stores.of(a)
    expect(leader.decidedEnd).toBeLessThanOrEqual(leading(leader).firstIndex)
    expect(sent(read(leader, 1), 'readProbe')).toEqual([])
  })

  it('[RD1] counts votes of the governing configuration, and no one twice', () => {
    const stores = groupOf([a, b, c])
    stores.elect(a)
    const leader = stores.of(a)
    read(leader, 1)
    const stranger = ownVote('e'.repeat(32) as ReplicaId)
    const effects = act(leader, (context) => {
      for (const votes of [[stranger], [ownVote(a)], []]) {
        onReadAck(context, b, { type: 'readAck', ballot: second, round: 1, votes })
      }
      tellReadable(context)
    })
    expect(readable(effects)).toEqual([])
  })

  it('[RD4] ends with the leadership: nothing is answered by one that stepped down', () => {
    const leader = led().of(a)
    read(leader, 1)
    act(leader, (context) => startPreparing(context, [b, c]))
    expect(reasons(ack(leader, b))).toEqual(['otherBallot'])
    expect(leader.reads.open.size).toBe(1)
  })

  it('[RD5] is asked about again when a probe or its answer was lost', () => {
    const leader = led().of(a)
    read(leader, 1)
    const early = act(leader, (context) => repeatReadRound(context, leading(leader), 250), 200)
    expect(sent(early, 'readProbe')).toEqual([])
    const again = act(leader, (context) => repeatReadRound(context, leading(leader), 250), 250)
    expect(sent(again, 'readProbe')).toHaveLength(2)
  })

  it('[RD5] is then asked of all, since votes may have come back to who cast none when it last accepted', () => {
    const leader = led().of(a)
    const role = leading(leader)
    for (const progress of role.progress.values()) progress.votes = []
    expect(sent(read(leader, 7), 'readProbe')).toEqual([])
    const again = act(leader, (context) => repeatReadRound(context, role, 250), 250)
    expect(sent(again, 'readProbe').map(({ to }) => to)).toEqual([b, c])
    expect(readable(ack(leader, b))).toEqual([7])
  })

  it('[RD1] of one voter alone is answered at once', () => {
    const entries = [genesis]
    const alone = new Stores([storeOf(a, { entries, decidedEnd: 1 })])
    alone.elect(a)
    expect(readable(read(alone.of(a), 7))).toEqual([7])
  })
})

describe('a voter that is asked', () => {
  it('[RD6] says yes only while its promise is for that very ballot', () => {
    const stores = led()
    const [, voter] = [stores.of(a), stores.of(b)]
    const probe = { type: 'readProbe', ballot: second, round: 3 } as const
    const yes = act(voter, (context) => onReadProbe(context, a, probe))
    expect(sent(yes, 'readAck').map(({ message }) => message)).toEqual([
      { type: 'readAck', ballot: second, round: 3, votes: voter.votes },
    ])
    act(voter, (context) => startPreparing(context, []))
    expect(reasons(act(voter, (context) => onReadProbe(context, a, probe)))).toEqual([
      'otherPromise',
    ])
  })

  it('[RD6] does not answer for a ballot to somebody else than its leader', () => {
    const voter = led().of(b)
    const probe = { type: 'readProbe', ballot: second, round: 1 } as const
    expect(reasons(act(voter, (context) => onReadProbe(context, c, probe)))).toEqual([
      'notItsLeader',
    ])
  })
})

describe('a read at a follower', () => {
  const question = { type: 'readIndex', incarnation: incarnation(1), question: 0 } as const
  const reply = (index: number, of = 0): ReadIndexReply => ({
    ...{ type: 'readIndexReply', incarnation: incarnation(1), question: of },
    index: index as Index,
  })

  it('[RD7] asks the leader once for all that began, and waits for the index that it is told', () => {
    const follower = led().of(b)
    const asked = read(follower, 1, 2)
    expect(sent(asked, 'readIndex')).toEqual([{ to: a, message: question }])
    const end = follower.decidedEnd
    const told = act(follower, (context) => {
      onReadIndexReply(context, a, reply(end + 1))
      tellReadable(context)
    })
    expect(readable(told)).toEqual([])
    const next = act(follower, (context) => {
      follower.decidedEnd = end
      onReadIndexReply(context, a, reply(end))
      tellReadable(context)
    })
    expect(reasons(next)).toEqual(['notAsked'])
  })

  it('[RD7] is answered when the index is decided here', () => {
    const follower = led().of(b)
    read(follower, 1, 2)
    const told = act(follower, (context) => {
      onReadIndexReply(context, a, reply(follower.decidedEnd))
      tellReadable(context)
    })
    expect(readable(told)).toEqual([1, 2])
  })

  it('[RD8] takes an answer only from whom it asked, and only to a question of this start', () => {
    const follower = led().of(b)
    read(follower, 1)
    const told = act(follower, (context) => {
      onReadIndexReply(context, c, reply(0))
      onReadIndexReply(context, a, { ...reply(0), incarnation: incarnation(7) })
      onReadIndexReply(context, a, reply(0, 5))
      tellReadable(context)
    })
    expect(reasons(told)).toEqual(['notAsked', 'ofAnEarlierStart', 'notAsked'])
    expect(readable(told)).toEqual([])
  })

  it('[RD5] asks again after a while, and another leader at once', () => {
    const follower = led().of(b)
    read(follower, 1)
    const ask = (now: number, leader = second): Effects =>
      act(follower, (context) => askForReads(context, leader), now)
    expect(sent(ask(readAgainMs - 1), 'readIndex')).toEqual([])
    expect(sent(ask(readAgainMs), 'readIndex')).toHaveLength(1)
    expect(sent(ask(readAgainMs + 1, ballot(3, c)), 'readIndex')[0]?.to).toBe(c)
  })

  it('[RD9] that nobody waits for any more asks nothing', () => {
    const follower = led().of(b)
    read(follower, 1)
    act(follower, (context) => endRead(context, 1))
    const later = act(follower, (context) => askForReads(context, second), 10 * readAgainMs)
    expect(sent(later, 'readIndex')).toEqual([])
  })

  it('[RD10] is refused by a leader that has too many waiting, and by one that leads no more', () => {
    const leader = led().of(a)
    const full = act(leader, (context) => {
      for (let at = 0; at <= askersMax; at += 1) {
        onReadIndex(context, b, { ...question, question: at })
      }
    })
    expect(reasons(full)).toEqual(['overloaded'])
    const follower = led().of(c)
    expect(reasons(act(follower, (context) => onReadIndex(context, b, question)))).toEqual([
      'notLeading',
    ])
  })
})

describe('a read of the session', () => {
  const entries = [genesis, config(first, a, b, c), command(first, 0), command(first, 1)]

  const rejoin = (state: ProtocolState): readonly number[] => {
    const effects = act(state, (context) => {
      beginRead(context, 1, 'session')
      tellReadable(context)
    })
    return readable(effects)
  }

  it('[RD11] after a restart waits for what was in the log before', () => {
    expect(rejoin(storeOf(b, { entries, decidedEnd: 2 }))).toEqual([])
    expect(rejoin(storeOf(b, { entries, decidedEnd: 4 }))).toEqual([1])
  })

  it('[RD11] is satisfied by what a later leadership decided: it began behind all that was decided before', () => {
    const later = (decidedEnd: number): ProtocolState => {
      const state = storeOf(b, {
        ...{ accepted: second, entries: [...entries.slice(0, 2), noop(second)], decidedEnd },
      })
      // The end of the log that it was started with was never decided, and was cut off since.
      state.found = { logEnd: 4 as Index, accepted: first }
      return state
    }
    expect(rejoin(later(2))).toEqual([])
    expect(rejoin(later(3))).toEqual([1])
  })
})
