/** Who only watches, as far as this tab knows of it: who of them is drawn, who feeds whom, how many more there are. Pure. */
import type { GroupStatus } from 'unanimous'

type Status = Pick<GroupStatus, 'members' | 'feeding' | 'leader'>

export interface Feed {
  readonly from: string
  readonly to: string
}

export interface Audience {
  /** Those through whom this tab is fed, itself if it watches, those whom it feeds, the others; no more than a row holds. */
  readonly drawn: readonly string[]
  /** How many more there are, fed by whoever is drawn. */
  readonly more: number
  /** Who passes on to whom what is decided. */
  readonly feeds: readonly Feed[]
}

/** As many as have room beside each other, a count in place of the last one. */
export const rowMax = 8

export const watches = (rung: string): boolean => rung === 'observer' || rung === 'client'

export function audienceOf({ members, feeding, leader }: Status): Audience {
  const me = members.find(({ isMe }) => isMe)
  const isWatching = me !== undefined && watches(me.rung)
  const fed = feeding.fed.map(({ id }) => id as string)
  const others = members.filter(({ rung, isMe }) => !isMe && watches(rung)).map(({ id }) => id)
  const mine = isWatching ? [me.id] : []
  const known = [...new Set<string>([...feeding.path.filter(among(others)), ...mine, ...fed])]
  const all = [...known, ...others.filter((id) => !known.includes(id))]
  // Those below may be among the others that were met: they are not counted twice.
  const below = feeding.fed.reduce((sum, each) => sum + 1 + each.below, mine.length)
  const count = Math.max(all.length, below)
  const drawn = count > rowMax ? all.slice(0, rowMax - 1) : all
  const way = isWatching ? [leader, ...feeding.path, me.id].filter((id) => id !== undefined) : []
  return {
    drawn,
    more: count - drawn.length,
    feeds: [
      ...way.slice(1).flatMap((to, at) => feedBetween(way[at], to)),
      ...fed.flatMap((to) => feedBetween(me?.id, to)),
    ],
  }
}

const among =
  (ids: readonly string[]) =>
  (id: string): boolean =>
    ids.includes(id)

/** A leader that feeds stands twice on the way. */
const feedBetween = (from: string | undefined, to: string): readonly Feed[] =>
  from === undefined || from === to ? [] : [{ from, to }]
