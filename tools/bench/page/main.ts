/** The page under measurement: lays its abilities open as `window.bench` and does nothing until it is asked. */
import type { BenchPage } from './bench-page.ts'
import type { Disk } from './disk.ts'
import { openDisk } from './disk.ts'
import { DocumentOfTab } from './document.ts'
import { GroupOfTab } from './group.ts'
import { sampleLatency } from './latency.ts'
import { RawChannels } from './raw-channels.ts'

declare global {
  interface Window {
    bench: BenchPage
  }
}

const opened: { group?: GroupOfTab; channels?: RawChannels; disk?: Disk; doc?: DocumentOfTab } = {}

function present<T>(part: T | undefined, name: string): T {
  if (part === undefined) throw new Error(`This tab has no ${name} yet.`)
  return part
}

window.bench = {
  async openGroup(place) {
    opened.group = await GroupOfTab.open(place)
  },
  view: () => Promise.resolve(present(opened.group, 'group').view()),
  digest: (end) => Promise.resolve(present(opened.group, 'group').digest(end)),
  write: (plan) => present(opened.group, 'group').write(plan),
  async connectRaw(place) {
    opened.disk = await openDisk(`bench-floor-${place.room}-${place.tab}`)
    opened.channels = new RawChannels(place, opened.disk)
    await opened.channels.connect()
  },
  pump: (plan) => present(opened.channels, 'bare channel').pump(plan),
  sampleLatency: (plan) =>
    sampleLatency(
      {
        group: present(opened.group, 'group'),
        channels: present(opened.channels, 'bare channel'),
        disk: present(opened.disk, 'disk'),
      },
      plan,
    ),
  openDocument(place) {
    opened.doc = new DocumentOfTab(place)
    return Promise.resolve()
  },
  documentPeers: () => present(opened.doc, 'document').peers(),
  fillDocument: (plan) => present(opened.doc, 'document').fill(plan),
}
