/** Troubles over real links, to be made by hand or by the level. Knows what the group offers for it; keeps nothing. */
import type { MemberId } from 'unanimous'
import type { App, AppParts } from '../apps/app.ts'
import { byId, element, keyedList, setAttribute, setText } from '../element.ts'
import { every } from '../every.ts'
import type { Fault, Faults, Level } from './fault-words.ts'
import { applyWeather, faultWords, levels, levelWords, weatherOf } from './fault-words.ts'

const stallMs = 3_000
/** More than links have by themselves, less than makes them silent. */
const slowMs = [250, 350] as const
const lostShare = 0.5
/** While it is radioactive: how often a link is cut, and for how long. */
const cutEveryMs = 5_000
const cutMs = 2_500

export function createFaultTray(parts: AppParts): App {
  const { group, lookAt } = parts
  const { faults } = group.inspect
  if (faults === undefined) return { update: () => undefined }
  const nameOf = (id: string): string => lookAt(id).name
  const peers = byId('fault-peer')
  const showPeers = keyedList<string>({
    parent: peers,
    keyOf: (id) => id,
    make: (id) => element('option', { value: id }),
    update: (made, id) => setText(made, nameOf(id)),
  })
  const showFaults = keyedList<Fault>({
    parent: byId('fault-list'),
    keyOf: (fault) => JSON.stringify(fault),
    make: (fault) => element('li', {}, faultWords(fault, nameOf)),
    update: (made, fault) => setText(made, faultWords(fault, nameOf)),
  })
  bindLevels(faults, () => peersOf(group))
  bindButtons(faults, () => peersOf(group).find((id) => id === valueOf(peers)))
  const update = (): void => {
    showPeers(peersOf(group))
    for (const id of needPeer) setAttribute(byId(id), 'disabled', peersOf(group).length === 0)
    const list = faults.list()
    showFaults(list)
    setAttribute(byId('fault-none'), 'hidden', list.length > 0)
    const stopped = list.some(({ type }) => type === 'signaling-stopped')
    setText(byId('fault-signaling'), stopped ? 'Start signaling' : 'Stop signaling')
  }
  faults.subscribe(update)
  return { update }
}

const needPeer = ['cut', 'deaf', 'mute', 'slow', 'lose', 'break', 'mend'].map((it) => `fault-${it}`)

const peersOf = ({ status }: AppParts['group']): readonly MemberId[] =>
  status.members.filter(({ isMe }) => !isMe).map(({ id }) => id)

const valueOf = (select: HTMLElement): string =>
  select instanceof HTMLSelectElement ? select.value : ''

function bindButtons(faults: Faults, chosen: () => MemberId | undefined): void {
  const onPeer = (id: string, act: (peer: MemberId) => void): void => {
    byId(id).addEventListener('click', () => {
      const peer = chosen()
      if (peer !== undefined) act(peer)
    })
  }
  onPeer('fault-cut', (peer) => faults.cut(peer))
  onPeer('fault-deaf', (peer) => faults.cut(peer, { direction: 'in' }))
  onPeer('fault-mute', (peer) => faults.cut(peer, { direction: 'out' }))
  onPeer('fault-slow', (peer) => faults.delay({ peer, ms: slowMs }))
  onPeer('fault-lose', (peer) => faults.drop({ peer, share: lostShare }))
  onPeer('fault-break', (peer) => faults.breakLink(peer))
  onPeer('fault-mend', (peer) => faults.heal(peer))
  byId('fault-stall').addEventListener('click', () => faults.stall(stallMs))
  byId('fault-wipe').addEventListener('click', () => {
    // The group says what comes of it: this tab halts.
    faults.wipe().catch(() => undefined)
  })
  byId('fault-signaling').addEventListener('click', () => {
    if (faults.list().some(({ type }) => type === 'signaling-stopped')) faults.startSignaling()
    else faults.stopSignaling()
  })
}

function bindLevels(faults: Faults, peers: () => readonly MemberId[]): void {
  let stop: (() => void) | undefined
  const set = (level: Level): void => {
    stop?.()
    stop = undefined
    applyWeather(faults, level)
    setText(byId('fault-level-words'), levelWords[level])
    if (weatherOf[level].cuts) stop = every(cutEveryMs, () => cutSomebody(faults, peers()))
  }
  for (const level of levels) {
    byId(`level-${level}`).addEventListener('change', () => set(level))
  }
  setText(byId('fault-level-words'), levelWords.calm)
}

function cutSomebody(faults: Faults, peers: readonly MemberId[]): void {
  const peer = peers[Math.floor(Math.random() * peers.length)]
  const direction = (['in', 'out', 'both'] as const)[Math.floor(Math.random() * 3)]
  if (peer === undefined || direction === undefined) return
  faults.cut(peer, { direction })
  setTimeout(() => faults.heal(peer), cutMs)
}
