/**
 * Each rule that safety rests on, and how to switch it off: the text in the sources of the core that keeps it, and what
 * stands there instead. Data only; a text that is not found exactly once is an error, so the list cannot grow stale.
 */
import type { Control } from './control.ts'
import { protocol } from './control.ts'
import { observerControls, sessionControls } from './session-controls.ts'
import { snapshotControls } from './snapshot-controls.ts'

const unresolvedOff = protocol(
  'estate.ts',
  'if (estate.dead || isUnresolved(estate, incarnation)) return []',
  'if (estate.dead) return []',
)

/** Of passing votes on: bequest.md section 6. */
const bequests: readonly Control[] = [
  {
    name: 'unresolved casts nothing',
    rule: 'After a restart a store that may have left its votes to somebody casts none until the heir has answered.',
    noticedBy: 'schedules',
    alsoBy: 'wills',
    edits: [unresolvedOff],
  },
  {
    name: 'cover',
    rule: 'An heir takes votes only when its log covers all that they were cast for.',
    noticedBy: 'schedules',
    alsoBy: 'wills',
    edits: [
      protocol(
        'bequest.ts',
        'return order > 0 || (order === 0 && logEnd(log) >= message.logEnd)',
        'return true',
      ),
    ],
  },
  {
    name: 'cover by ballot',
    rule: 'A longer log of an older ballot covers nothing of a newer one.',
    noticedBy: 'schedules',
    edits: [
      protocol(
        'bequest.ts',
        'return order > 0 || (order === 0 && logEnd(log) >= message.logEnd)',
        'return logEnd(log) >= message.logEnd',
      ),
    ],
  },
  {
    name: 'cover by length',
    rule: 'A shorter log of the same ballot covers not all of it.',
    noticedBy: 'schedules',
    edits: [
      protocol('bequest.ts', '(order === 0 && logEnd(log) >= message.logEnd)', 'order === 0'),
    ],
  },
  {
    name: 'promise inherited',
    rule: 'An heir promises what the votes that it takes have promised.',
    noticedBy: 'schedules',
    alsoBy: 'wills',
    edits: [
      protocol(
        'bequest.ts',
        'if (compareBallots(message.promised, state.promised) > 0) {',
        'if (compareBallots(message.accepted, state.promised) > 0) {',
      ),
    ],
  },
  {
    name: 'void recorded',
    rule: 'What an heir has said that it will never take, it never takes.',
    noticedBy: 'schedules',
    alsoBy: 'wills',
    edits: [
      protocol(
        'bequest.ts',
        "receipts.set(from, receipt)\n    late.delete(from)\n    out.persist.push({ type: 'receipt', from, receipt })",
        'late.delete(from)',
      ),
    ],
  },
  {
    name: 'older bequest refused',
    rule: 'A bequest that comes twice, or after a later one, is taken once.',
    noticedBy: 'schedules',
    alsoBy: 'wills',
    edits: [
      protocol(
        'bequest.ts',
        "if (receipt !== undefined && receipt.incarnation >= message.incarnation) return 'settled'",
        '',
      ),
    ],
  },
  {
    name: 'held votes given up',
    rule: 'A store whose votes were taken casts them no more.',
    noticedBy: 'schedules',
    alsoBy: 'wills',
    edits: [
      protocol(
        'bequest.ts',
        'estate.written.filter((vote) => !message.votes.includes(vote))',
        'estate.written',
      ),
    ],
  },
  {
    name: 'heir durable',
    rule: 'The heir is on the disk before anything is left to it.',
    noticedBy: 'schedules',
    alsoBy: 'wills',
    edits: [protocol('bequest.ts', "out.persist.push({ type: 'arm', armed: estate.armed })", '')],
  },
  {
    name: 'no bequest while the heir changes',
    rule: 'While an heir is being written nothing is left to anybody.',
    noticedBy: 'schedules',
    edits: [
      protocol('bequest.ts', 'const writing = isArmWriting(estate)', 'const writing = false'),
    ],
  },
  {
    name: 'note or bequest',
    rule: 'A page that left its votes to somebody does not note that it left them to nobody.',
    noticedBy: 'schedules',
    alsoBy: 'wills',
    edits: [
      protocol(
        'bequest.ts',
        'out.sendNow.push({ to: armed.heir,',
        'estate.notSent = true\n  out.sendNow.push({ to: armed.heir,',
      ),
    ],
  },
  {
    name: 'taken before cast',
    rule: 'An heir casts what it took once that is on its disk, not before.',
    noticedBy: 'schedules',
    edits: [
      protocol(
        'estate.ts',
        'return estate.held.filter((vote) => estate.written.includes(vote))',
        'return estate.written',
      ),
    ],
  },
]

export const controls: readonly Control[] = [
  ...bequests,
  ...snapshotControls,
  ...sessionControls,
  ...observerControls,
  {
    name: 'tail',
    rule: 'Prepare needs a majority of every configuration in the adopted tail, not of the oldest alone.',
    noticedBy: 'schedules',
    edits: [
      protocol(
        'adopt.ts',
        'return all.slice(Math.max(first, 0))',
        'return all.slice(Math.max(first, 0), Math.max(first, 0) + 1)',
      ),
    ],
  },
  {
    name: 'atomic sync',
    rule: 'AcceptSync is atomic: a store accepts a ballot with the whole log that the ballot began with.',
    noticedBy: 'schedules',
    edits: [
      protocol(
        'sync.ts',
        'const end = endWithin(log, from, { bytes: batchBytesMax, count: batchEntriesMax })',
        'const end = endWithin(log, from, { bytes: batchBytesMax, count: 1 })',
      ),
      protocol('catch-up.ts', 'if (have >= total) return', 'if (have >= 0) return'),
    ],
  },
  {
    name: 'sync fits',
    rule: 'A sync that was made for another state of this store is refused: it would leave a hole, or cut off what is decided.',
    noticedBy: 'trials',
    edits: [
      protocol(
        'catch-up.ts',
        'return sameBallot(accepted, base) && from <= logEnd(log)',
        'return from <= logEnd(log)',
      ),
    ],
  },
  {
    name: 'largest log',
    rule: 'A new leader adopts the largest log of its promisers, not its own.',
    noticedBy: 'states',
    edits: [protocol('adopt.ts', 'if (order <= 0) continue\n    source', 'continue\n    source')],
  },
  {
    name: 'promise kept',
    rule: 'A promise outlives a restart.',
    noticedBy: 'schedules',
    edits: [
      protocol(
        'recover.ts',
        'state.promised = durable.promised',
        'state.promised = durable.accepted',
      ),
    ],
  },
  {
    name: 'log kept',
    rule: 'What was accepted outlives a restart.',
    noticedBy: 'schedules',
    edits: [
      protocol(
        'recover.ts',
        'appendToLog(state.log, durable.entries)',
        'appendToLog(state.log, durable.entries.slice(0, Math.max(durable.decidedEnd, durable.entries.length - 2)))',
      ),
    ],
  },
  {
    name: 'promise durable',
    rule: 'A promise is on the disk before anything that reveals it leaves.',
    noticedBy: 'schedules',
    edits: [protocol('prepare.ts', "out.persist.push({ type: 'promise', ballot })", '')],
  },
  {
    name: 'own promise first',
    rule: 'Nobody leads before its own promise is on its disk, whoever promised already.',
    noticedBy: 'schedules',
    firstSeed: 3200,
    edits: [protocol('adopt.ts', 'if (!role.promises.has(state.self)) return', '')],
  },
  {
    name: 'acceptance durable',
    rule: 'Accepted leaves when the entries are on the disk, not before.',
    noticedBy: 'schedules',
    edits: [
      protocol(
        'answer.ts',
        'out.send.push({\n    to: state.accepted.node,',
        'out.sendNow.push({\n    to: state.accepted.node,',
      ),
    ],
  },
  {
    name: 'promise obeyed',
    rule: 'Who promised a ballot accepts nothing of a lower one.',
    noticedBy: 'states',
    edits: [
      protocol(
        'accept.ts',
        'if (order < 0) return sendNack(context, from, message.ballot)\n  if (order > 0)',
        'if (order > 0)',
      ),
    ],
  },
  {
    name: 'majority',
    rule: 'Two majorities of one configuration meet.',
    noticedBy: 'schedules',
    edits: [
      {
        file: 'protocol/quorum.ts',
        from: 'Math.floor(voters.length / 2) + 1',
        to: 'Math.max(1, Math.floor(voters.length / 2))',
      },
    ],
  },
  {
    name: 'votes, not senders',
    rule: 'A leader counts votes, whoever casts them, not the stores that answer.',
    noticedBy: 'worlds',
    edits: [
      protocol('accept.ts', 'for (const vote of message.votes) {', 'for (const vote of [from]) {'),
      protocol('adopt.ts', 'reports.flatMap(({ votes }) => [...votes])', 'role.promises.keys()'),
    ],
  },
  {
    name: 'both majorities',
    rule: "A configuration entry needs its own voters' majority beside that of the voters before.",
    noticedBy: 'trials',
    edits: [
      protocol(
        'decide.ts',
        'const both = majorityEnd(next.voters, role.ends) > next.index',
        'const both = true',
      ),
    ],
  },
  {
    name: 'governing configuration',
    rule: 'An entry is decided by the configuration in force at its place, not by one before it.',
    noticedBy: 'schedules',
    edits: [
      protocol(
        'decide.ts',
        'const governing = configurationAt(state.log, state.decidedEnd)',
        'const governing = state.log.configurations[0]',
      ),
    ],
  },
  {
    name: 'this ballot only',
    rule: 'A leader counts what was accepted in its own ballot only.',
    noticedBy: 'states',
    edits: [
      protocol(
        'accept.ts',
        "if (!sameBallot(message.ballot, role.ballot)) {\n    return ignore(context, from, 'accepted', 'otherBallot')\n  }\n  if (message.logEnd > logEnd(state.log)) {",
        'if (message.logEnd > logEnd(state.log)) {',
      ),
    ],
  },
  {
    name: 'common end',
    rule: 'A promiser sends the log from where it surely agrees with the leader.',
    noticedBy: 'schedules',
    edits: [
      protocol('prepare.ts', 'order === 0 ? message.logEnd : message.decidedEnd', 'message.logEnd'),
      protocol(
        'prepare.ts',
        'order === 0 ? logEnd(state.log) : state.decidedEnd',
        'logEnd(state.log)',
      ),
    ],
  },
  {
    name: 'exactly once',
    rule: 'A proposal that reached the log twice runs once.',
    noticedBy: 'worlds',
    edits: [
      protocol('sessions.ts', 'if (seq < session.end || ahead.has(seq)) return false', ''),
      protocol('proposals.ts', 'if (!wasExecuted(sessions, proposal)) {', 'if (count >= 0) {'),
    ],
  },
  {
    name: 'gate',
    rule: 'After a configuration a leader appends nothing, and lets nobody go, until a majority of the new voters durably knows that it is decided.',
    noticedBy: 'trials',
    edits: [
      protocol('adopt.ts', 'gate: newestConfiguration(state.log)?.index', 'gate: undefined'),
      protocol('decide.ts', 'openGate(state, role)\n}', 'role.gate = undefined\n}'),
      protocol('proposals.ts', ' || role.gate !== undefined) return', ') return'),
    ],
  },
  {
    name: 'log time',
    rule: 'Time never goes back along the log.',
    noticedBy: 'worlds',
    edits: [protocol('accept.ts', 'Math.max(last, bounded)', 'bounded')],
  },
  {
    name: 'read quorum',
    rule: 'A read is answered after a majority confirmed the leader, not on its own word.',
    noticedBy: 'worlds',
    edits: [
      protocol('reads.ts', 'if (!isMajority(round.configuration.voters, round.acks)) return', ''),
    ],
  },
  {
    name: 'read promise',
    rule: 'Who promised a higher ballot confirms no leader below it, as one that was paused and does not know.',
    noticedBy: 'trials',
    edits: [
      protocol('reads.ts', 'compareBallots(state.promised, ballot) !== 0', 'ballot.num === 0'),
    ],
  },
  {
    name: 'read after',
    rule: 'A confirmation counts for reads that began before it was asked for, not for later ones.',
    noticedBy: 'worlds',
    edits: [
      protocol(
        'reads.ts',
        'if (reads.round !== undefined || reads.waiting.length === 0) return\n',
        "if (reads.waiting.length === 0) return\n  if (reads.rounds > 0) {\n    for (const { store, incarnation, question } of reads.waiting.splice(0)) {\n      if (store === state.self) answer(state, question, state.decidedEnd)\n      else\n        context.out.sendNow.push({\n          to: store,\n          message: { type: 'readIndexReply', incarnation, question, index: state.decidedEnd },\n        })\n    }\n    return\n  }\n",
      ),
    ],
  },
]
