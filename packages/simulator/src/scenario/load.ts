/** Who proposes when: each load is spread evenly over time and over its proposers, in turns. Knows no protocol. */
import type { Agenda } from '../agenda.ts'
import { commandOf } from '../checkers/history.ts'
import type { Load } from './scenario.ts'
import type { Participant } from './stage.ts'

/** A proposer with so many open proposals waits; what it would have proposed is lost. */
const outstandingMax = 200

/** Proposes until `endMs` of the agenda. Commands come as events: a hidden page proposes too, a frozen or closed one does not. */
export function startLoad(
  agenda: Agenda,
  loads: readonly Load[],
  participants: ReadonlyMap<string, Participant>,
  endMs: number,
): void {
  let count = 0
  for (const { kind, perSecond, from } of loads) {
    const begin = agenda.now
    let turn = 0
    const next = (): void => {
      const at = begin + Math.round((turn * 1000) / perSecond)
      if (at >= endMs) return
      agenda.after(at - agenda.now, () => {
        const participant = participants.get(from[turn % from.length] ?? '')
        turn += 1
        if (participant !== undefined && mayPropose(participant)) {
          participant.propose(commandOf(kind, count))
          count += 1
        }
        next()
      })
    }
    next()
  }
}

const mayPropose = ({ isOpen, isFrozen, outstanding }: Participant): boolean =>
  isOpen && !isFrozen && outstanding < outstandingMax
