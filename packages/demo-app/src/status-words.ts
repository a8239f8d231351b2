/** A status in words: the pill, the standing title of the screen, the banners. Pure; knows no element. */
import type { GroupStatus } from 'unanimous'
import { watches } from './ring/audience.ts'

/** `good`: it decides. `busy`: it will, by itself. `bad`: somebody has to do something. */
export type Tone = 'good' | 'busy' | 'bad'

export interface Pill {
  readonly tone: Tone
  readonly label: string
  readonly detail: string
}

/** A card of the screen: one line that is read from afar, and a smaller one. */
export interface Title {
  readonly tone: 'calm' | 'good' | 'bad'
  readonly line: string
  readonly small: string
}

export interface Banner {
  /** Stands for the banner while it lasts; the texts may change. */
  readonly key: string
  readonly title: string
  readonly text: string
  readonly action?: { readonly label: string; readonly does: 'reload' | 'plain-room' | 'recover' }
}

export function pillOf(status: GroupStatus): Pill {
  const { have, need, voters } = status.quorum
  const votes = `${have} of ${voters.length} ${voters.length === 1 ? 'vote' : 'votes'} reached, ${need} needed`
  switch (status.phase) {
    case 'joining':
      return { tone: 'busy', label: 'Joining', detail: status.why ?? 'Looking for the group.' }
    case 'catching-up':
      return { tone: 'busy', label: 'Catching up', detail: status.why ?? 'Fetching the log.' }
    case 'ready':
      return watches(status.rung)
        ? { tone: 'good', label: 'Watching', detail: behindWords(status) }
        : { tone: 'good', label: 'Deciding', detail: status.why ?? votes }
    case 'no-quorum':
      return {
        tone: have < need ? 'bad' : 'busy',
        label: have < need ? 'No majority' : 'Changing leader',
        detail: status.why ?? votes,
      }
    case 'stopped':
      return { tone: 'bad', label: 'Stopped', detail: status.why ?? 'This tab takes no part.' }
  }
}

/** How old what a watching tab shows may be; while nobody feeds it there is something else to say. */
function behindWords({ why, lagMs, feeding }: GroupStatus): string {
  if (feeding.path.length === 0 && why !== undefined) return why
  return `at most ${lagMs < 1000 ? `${Math.round(lagMs)} ms` : `${(lagMs / 1000).toFixed(1)} s`} behind`
}

/** What the screen says while nothing else happens. `isFull`: no seat is free. */
export function standingTitle(status: GroupStatus, isFull: boolean): Title {
  const calm = (line: string, small: string): Title => ({ tone: 'calm', line, small })
  const { have, need } = status.quorum
  switch (status.phase) {
    case 'joining':
      return calm('The doors are opening', status.why ?? 'Looking for the group of this room.')
    case 'catching-up':
      return calm('The story so far', 'This tab is fetching what was decided before it came.')
    case 'no-quorum':
      return have < need
        ? {
            tone: 'bad',
            line: 'Intermission',
            small:
              'Nothing is decided until a majority is back. What you press meanwhile waits for it.',
          }
        : calm('A change of leader', 'The tabs are agreeing on a new one. Nothing is lost.')
    case 'stopped':
      return { tone: 'bad', line: 'This tab has left', small: status.why ?? 'Reload to return.' }
    case 'ready':
      if (watches(status.rung)) {
        return calm(
          'You are watching',
          'This tab has no vote. It sees all that is decided, and may press as well.',
        )
      }
      if (status.members.length === 1) {
        return calm('Alone in the house', 'Open two more tabs: three can lose one and go on.')
      }
      if (isFull) return calm('Sold out', 'Every seat was decided once. Start a new showing?')
      return calm(
        'Pick a seat',
        'Press the same one in two tabs: one wins, the other is told by whom.',
      )
  }
}

export interface Circumstances {
  readonly halted: Error | undefined
  /** The address names the group. */
  readonly isInvited: boolean
  /** The address says that this tab only watches. */
  readonly watches: boolean
  /** Joining takes longer than it does when all is well. */
  readonly isLate: boolean
  /** No majority could be reached for longer than a reload takes. */
  readonly isStranded: boolean
}

/** What is wrong enough to stand above everything else. */
export function bannersOf(status: GroupStatus, circumstances: Circumstances): readonly Banner[] {
  const { halted } = circumstances
  const banners: Banner[] = []
  if (halted !== undefined) {
    banners.push({
      key: 'halted',
      title: 'This tab has fallen silent.',
      text: `${halted.message} It takes part again after a reload; the others go on meanwhile.`,
      action: { label: 'Reload this tab', does: 'reload' },
    })
  } else if (status.phase === 'stopped') {
    banners.push({
      key: 'stopped',
      title: 'This tab takes no part any more.',
      text: 'The others go on without it. Reload it to come back.',
      action: { label: 'Come back', does: 'reload' },
    })
  }
  if (status.phase === 'joining' && circumstances.isLate) {
    banners.push(...lateBanners(status, circumstances))
  }
  if (circumstances.isStranded) {
    banners.push({
      key: 'stranded',
      title: 'A majority of the votes is missing.',
      text:
        'Open those tabs again and the group goes on as if nothing had been. Only if they are gone for good: go on from what ' +
        'this tab holds. What was decided without it is lost then.',
      action: { label: 'Go on from this tab', does: 'recover' },
    })
  }
  if (status.conflict !== undefined) banners.push(conflictBanner(status.conflict))
  if (!status.storage.healthy && status.phase !== 'stopped') {
    banners.push({
      key: 'storage',
      title: 'This tab cannot write to its disk.',
      text: 'It keeps no promises that it could forget, so its vote does not count. Make room on the disk, then reload.',
      action: { label: 'Reload this tab', does: 'reload' },
    })
  }
  return banners
}

function lateBanners(
  { signaling }: GroupStatus,
  { isInvited, watches: onlyWatches }: Circumstances,
): readonly Banner[] {
  if (signaling !== 'online') {
    return [
      {
        key: 'late',
        title: 'The signaling server does not answer.',
        text: 'Tabs find each other through it. Start it with: npx -y pnpm demo. This tab goes on trying.',
      },
    ]
  }
  if (onlyWatches) {
    return [
      {
        key: 'late',
        title: 'Nobody is here who could be watched.',
        text: 'A tab that only watches begins no group. Wait until somebody opens the room, or take part.',
        action: { label: 'Take part in this tab', does: 'plain-room' },
      },
    ]
  }
  if (!isInvited) return []
  return [
    {
      key: 'late',
      title: 'Nobody of the group that invited you is here.',
      text: 'Wait until one of them opens the room again, or take part in whatever group the room has now.',
      action: { label: 'Open the room without the invitation', does: 'plain-room' },
    },
  ]
}

function conflictBanner({ founded, voters, commit }: NonNullable<GroupStatus['conflict']>): Banner {
  const since = founded.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
  return {
    key: 'conflict',
    title: 'There are two groups in this room.',
    text:
      `The other one was founded ${since} and has ${voters} ${voters === 1 ? 'voter' : 'voters'} and ${commit} decided entries. ` +
      'Neither is touched. Keep one: close the tabs of the other, or move them to another room with ?room=NAME in the address.',
  }
}

/** Why the group could not be opened in this tab, and the way out. `code` is that of the library's error. */
export function failureBanner(error: unknown): Banner {
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const reload = { label: 'Try again', does: 'reload' } as const
  const plain = { label: 'Open the room without the invitation', does: 'plain-room' } as const
  switch (code) {
    case 'insecure-origin':
      return {
        key: 'failure',
        title: 'This address is not safe enough to vote from.',
        text:
          'It came by plain http from another machine, and there browsers cannot promise that two tabs stay two. Open it on the ' +
          'machine that runs it, at http://127.0.0.1, or have the demo started for your network: npx -y pnpm demo --lan',
      }
    case 'too-many-tabs':
      return { key: 'failure', title: 'The house is full.', text: message, action: reload }
    case 'bad-invite':
      return { key: 'failure', title: 'This is half a ticket.', text: message, action: plain }
    case 'other-group':
      return { key: 'failure', title: 'Wrong ticket.', text: message, action: plain }
    default:
      return {
        key: 'failure',
        title: 'This tab could not take its seat.',
        text: message,
        action: reload,
      }
  }
}
