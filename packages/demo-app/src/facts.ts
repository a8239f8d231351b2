/** What carries the group in this tab, in plain words: disk, rendezvous, votes, this page. */
import type { CandidateKind, GroupStatus } from 'unanimous'
import { byId, element, keyedList, setAttribute, setText } from './element.ts'

export interface Fact {
  readonly name: string
  readonly text: string
  readonly isBad: boolean
}

const signalingWords: Readonly<Record<GroupStatus['signaling'], string>> = {
  connecting: 'calling the server',
  online: 'online',
  mesh: 'no server: whoever is in stays in, nobody can join',
  offline: 'offline: whoever is in stays in, nobody can join',
}

export function factsOf(status: GroupStatus): readonly Fact[] {
  const { signaling, storage, quorum, clock, group } = status
  const name = group?.slice(0, 12) ?? 'none yet'
  // What was put down is not broken.
  if (status.phase === 'stopped') {
    return [
      { name: 'This tab', text: 'takes no part', isBad: false },
      { name: 'Group', text: name, isBad: false },
    ]
  }
  const { have, need, voters } = quorum
  const majority = voters.length === 0 ? 'none yet' : `${need} of ${voters.length}, ${have} reached`
  const disk = storage.healthy
    ? `${storage.kind}, ${storage.durability === 'strict' ? 'flushed before every promise' : 'gone with the tab'}`
    : `${storage.kind}: does not work`
  return [
    { name: 'Majority', text: majority, isBad: have < need },
    { name: 'Disk', text: disk, isBad: !storage.healthy },
    { name: 'Links', text: routeWords(status.links), isBad: false },
    { name: 'Rendezvous', text: signalingWords[signaling], isBad: signaling === 'offline' },
    {
      name: 'This tab',
      text: clock.hidden ? 'hidden: does not want to lead' : 'visible',
      isBad: false,
    },
    { name: 'Group', text: name, isBad: false },
  ]
}

const candidateWords: Readonly<Record<CandidateKind, string>> = {
  host: 'own address',
  srflx: 'seen by STUN',
  prflx: 'seen by the peer',
  relay: 'TURN',
}

/** How many links go which way: straight or through a TURN server, and how their ends found each other. */
export function routeWords(links: GroupStatus['links']): string {
  const ways = links
    .filter(({ state }) => state === 'open')
    .map(({ route }) => {
      if (route === undefined) return 'the browser does not say how'
      const ends = [...new Set([route.local, route.remote])].map((kind) => candidateWords[kind])
      return `${route.relayed ? 'relayed' : 'direct'}, ${route.protocol} (${ends.join(', ')})`
    })
    .sort()
  const counted = [...new Set(ways)].map(
    (way) => `${ways.filter((each) => each === way).length} ${way}`,
  )
  return counted.length === 0 ? 'none' : counted.join('; ')
}

/** `more`: what is known of the browser itself. */
export function createFacts(): (status: GroupStatus, more: readonly Fact[]) => void {
  const show = keyedList<Fact>({
    parent: byId('facts'),
    keyOf: ({ name }) => name,
    make: ({ name }) => element('div', {}, element('dt', {}, name), element('dd')),
    update: (made, { text, isBad }) => {
      setAttribute(made, 'data-bad', isBad)
      const words = made.querySelector('dd')
      if (words !== null) setText(words, text)
    },
  })
  return (status, more) => show([...factsOf(status), ...more])
}
