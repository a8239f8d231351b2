import { openStand, ask, askAll } from './stand.ts'
import { spanMs } from './statistics.ts'
const stand = await openStand((l) => console.error(l), true)
for (const kind of (process.argv[2] ?? 'array,map').split(',')) for (const win of [16, 256]) {
  const { all: tabs, close } = await stand.openTabs(3, 'apart')
  const room = stand.room()
  for (const t of tabs) await ask(t, 'openDocument', { room, signal: stand.topicsUrl, tab: t.number })
  for (;;) { const p = await askAll(tabs, 'documentPeers', () => []); if (p.every((x) => x === 2)) break; await new Promise((r) => setTimeout(r, 100)) }
  const out: string[] = []
  let total = 0
  for (const n of [500, 3000, 3000]) { total += 3 * n; const runs: any = await askAll(tabs, 'fillDocument', () => [{ count: n, total, bytes: 100, windowBytes: win * 1024, kind } as any]); out.push((3 * n / spanMs(runs) * 1000).toFixed(0) + (new Set(runs.map((r: any) => r.hash)).size === 1 ? '' : ' DIFFER')) }
  console.log(kind, win, 'KiB', out.join(' '))
  await close()
}
await stand.close()
