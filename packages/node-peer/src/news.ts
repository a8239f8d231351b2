/** What the command tells while it runs: one line a change, for people or for programs. Knows statuses, prints nothing. */
import type { GroupStatus } from 'unanimous'

/** What is told of a status, in this order. */
export interface News {
  readonly phase: GroupStatus['phase']
  readonly rung: GroupStatus['rung']
  /** Of the tabs and peers that are there, this one included. */
  readonly members: number
  readonly voters: number
  readonly leader: string | undefined
  /** Decided commands, and other entries of the log. */
  readonly commit: number
  readonly why: string | undefined
}

export const newsOf = (status: GroupStatus): News => ({
  phase: status.phase,
  rung: status.rung,
  members: status.members.length,
  voters: status.quorum.voters.length,
  leader: status.leader,
  commit: status.commit,
  why: status.why,
})

const idLength = 8

export function wordNews({ phase, rung, members, voters, leader, commit, why }: News): string {
  const led = leader === undefined ? 'nobody leads' : `led by ${leader.slice(0, idLength)}`
  const parts = [phase, rung, `${members} here, ${voters} vote`, led, `${commit} decided`]
  return `${parts.join(' · ')}${why === undefined ? '' : ` · ${why}`}`
}

/** Whether a person wants to know: what is decided goes on all the time. */
export const isNew = (now: News, before: News | undefined, verbose: boolean): boolean =>
  before === undefined || (verbose && now.commit !== before.commit) || keyOf(now) !== keyOf(before)

const keyOf = (news: News): string => JSON.stringify({ ...news, commit: 0 })
