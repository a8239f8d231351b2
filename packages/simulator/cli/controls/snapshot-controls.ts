/** As `controls.ts`, for the rules of snapshots. */
import type { Control } from './control.ts'
import { protocol } from './control.ts'

export const snapshotControls: readonly Control[] = [
  {
    name: 'sessions summed up',
    rule: 'A snapshot holds what was executed: whoever installs it runs nothing of that again.',
    noticedBy: 'worlds',
    edits: [
      protocol(
        'snapshot.ts',
        'loadSessions(sessions, snapshot.sessions, snapshot.head.sessionsFloor)\n  state.decidedEnd = end\n  snapshots.last = snapshot\n  snapshots.previous',
        'state.decidedEnd = end\n  snapshots.last = snapshot\n  snapshots.previous',
      ),
    ],
  },
  {
    name: 'captured at its place',
    rule: 'What is executed is captured at the entry at which the state is, not before it.',
    noticedBy: 'worlds',
    edits: [
      protocol(
        'decide.ts',
        'const repeat = !runs(context, entry, at)',
        'const raised = false\n    const capture = captureAt(state, (at + 1) as Index)\n    const repeat = !runs(context, entry, at)',
      ),
      protocol(
        'decide.ts',
        "const raised = entry.kind === 'machine' && machineAt(state.log, at) !== undefined\n    const capture = captureAt(state, (at + 1) as Index, raised)",
        '',
      ),
    ],
  },
  {
    name: 'configuration summed up',
    rule: 'The configuration of a snapshot is the one in force at its end, not an older one that the log still holds.',
    noticedBy: 'worlds',
    firstSeed: 7,
    edits: [
      protocol(
        'snapshot.ts',
        'const configuration = configurationAt(log, end)',
        'const configuration = log.configurations[0]',
      ),
    ],
  },
  {
    name: 'overtaken snapshot',
    rule: 'A sync by snapshot that late entries of its ballot have overtaken is given up: what was accepted stays.',
    noticedBy: 'trials',
    edits: [
      protocol(
        'catch-up.ts',
        'if (sameBallot(state.accepted, ballot) && begin <= logEnd(state.log)) {',
        'if (begin < 0) {',
      ),
    ],
  },
  {
    name: 'all in one record',
    rule: 'The record that takes the place of a store’s journal says whom its votes were left to and what it settled.',
    noticedBy: 'worlds',
    firstSeed: 7,
    edits: [
      protocol('snapshot.ts', 'receipts: new Map(estate.receipts) },', 'receipts: new Map() },'),
    ],
  },
]
