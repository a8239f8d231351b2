/**
 * What happens to the group, told to screen readers in one place: who leads, who came and went, what this tab may do. Knows
 * statuses; shows nothing.
 */
import type { GroupStatus } from 'unanimous'
import { byId, element } from './element.ts'
import { pillOf } from './status-words.ts'

const linesMax = 20

/** `nameOf`: of a tab by its id. */
export function startSpokenLog(nameOf: (id: string) => string): (status: GroupStatus) => void {
  const log = byId('spoken')
  let before: GroupStatus | undefined
  return (status) => {
    for (const line of newsOf(status, before, nameOf)) log.append(element('p', {}, line))
    while (log.childElementCount > linesMax) log.firstElementChild?.remove()
    before = status
  }
}

/** What is worth saying aloud between two statuses, in sentences. */
export function newsOf(
  now: GroupStatus,
  before: GroupStatus | undefined,
  nameOf: (id: string) => string,
): readonly string[] {
  const news: string[] = []
  const who = (id: string, isMe: boolean): string => (isMe ? 'This tab' : nameOf(id))
  if (now.phase !== before?.phase) {
    const { label, detail } = pillOf(now)
    news.push(`${label}. ${detail}`)
  }
  if (now.leader !== before?.leader && now.leader !== undefined) {
    const { leader } = now
    const me = now.members.find(({ isMe }) => isMe)
    news.push(`${who(leader, leader === me?.id)} leads.`)
  }
  if (before === undefined) return news
  const reached = (status: GroupStatus): ReadonlySet<string> =>
    new Set(status.members.flatMap((each) => (each.reached && !each.isMe ? [each.id] : [])))
  const [there, were] = [reached(now), reached(before)]
  for (const id of there) if (!were.has(id)) news.push(`${nameOf(id)} is here.`)
  for (const id of were) if (!there.has(id)) news.push(`${nameOf(id)} is out of reach.`)
  return news
}
