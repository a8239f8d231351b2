/** How a group looks after its voters by itself, and how far an application may steer that. Data and its checks only. */
import {
  removeAfterMs,
  replaceAfterMs,
  standbysDefault,
  standbysMax,
  votersMax,
} from '../protocol/limits.ts'

/** How the voters of a group are chosen; the word of the tab that leads counts. */
export interface MembershipPolicy {
  /** How many voters the group grows to: 1, 3, 5, 7 or 9; 0: the configuration stays as it is. */
  readonly voters: number
  /** How many tabs without a vote keep the log on disk, ready to take a voter's place: 1 to 12. The rest only observe. */
  readonly standbys: number
  /** A voter that fell silent is only taken out without a replacement while so many are left. */
  readonly minVoters: number
  /** Who says good-bye is taken out even if fewer than `minVoters` are left, down to one. */
  readonly allowShrinkToOne: boolean
  /** The number of voters stays odd: two live tabs are one voter and a standby, which may vanish freely. */
  readonly odd: boolean
  /** A voter that was silent this long is swapped for a synced standby, in milliseconds. */
  readonly replaceAfterMs: number
  /**
   * Whether a tab that closes leaves its votes to another one. `margin1`: when the group could not decide without it.
   * `margin2`: always, so that even a majority may close at the same moment, at the price of more tabs that depend on each
   * other. `off`: for groups with a voter that is always on.
   */
  readonly bequest: 'off' | 'margin1' | 'margin2'
}

/** What holds where an application says nothing. */
export const defaultPolicy: MembershipPolicy = {
  voters: 5,
  standbys: standbysDefault,
  minVoters: 3,
  allowShrinkToOne: true,
  odd: true,
  replaceAfterMs,
  bequest: 'margin1',
}

/** Why a policy makes no sense, in one sentence; undefined: it does. */
export function whyBadPolicy(policy: MembershipPolicy): string | undefined {
  const { voters, standbys, minVoters } = policy
  if (!Number.isInteger(voters) || voters < 0 || voters > votersMax) {
    return `A group has 1 to ${votersMax} voters, not ${voters}.`
  }
  if (policy.odd && voters % 2 === 0 && voters !== 0) {
    return `An odd number of voters is wanted, not ${voters}.`
  }
  if (!Number.isInteger(standbys) || standbys < 1 || standbys > standbysMax) {
    return `A group keeps 1 to ${standbysMax} standbys, not ${standbys}.`
  }
  if (!Number.isInteger(minVoters) || minVoters < 1 || minVoters > votersMax) {
    return `At least 1 to ${votersMax} voters can be asked for, not ${minVoters}.`
  }
  if (!(policy.replaceAfterMs >= 1000 && policy.replaceAfterMs <= removeAfterMs)) {
    return `A silent voter is replaced after 1 s to ${removeAfterMs / 1000} s, not ${policy.replaceAfterMs} ms.`
  }
  return undefined
}
