import { defineMachine } from 'unanimous'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createPeer } from './create-peer.ts'
import type { PeerOptions } from './create-peer.ts'
import { levelStorage } from './level-storage.ts'

const group = '0123456789abcdef'.repeat(4)
const page = 'https://app.example/?room=r'
/** Nobody listens there. */
const server = 'ws://127.0.0.1:1'

const seats = defineMachine({
  name: 'seats',
  version: 1,
  initial: () => ({ taken: 0 }),
  commands: { book: ({ taken }: { taken: number }) => ({ taken: taken + 1 }) },
})

function optionsWith(fragment: string): PeerOptions {
  const folder = mkdtempSync(join(tmpdir(), 'unanimous-peer-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return { invite: `${page}#group=${group}${fragment}`, data: join(folder, 'data') }
}

test('[NP10] a peer opens its folder, waits for its group, and gives the folder back', async () => {
  const options = optionsWith(`&machine=seats&signal=${encodeURIComponent(server)}`)
  const peer = await createPeer({ ...options, machine: seats })
  expect(peer.group.status).toMatchObject({
    ...{ phase: 'joining', storage: { kind: 'leveldb', durability: 'strict', healthy: true } },
  })
  expect(peer.group.state).toEqual({ taken: 0 })
  await expect(levelStorage(options.data)).rejects.toThrow(options.data)
  await peer.close()
  await peer.ended
  expect(peer.group.status.phase).toBe('stopped')
  const storage = await levelStorage(options.data)
  expect(await storage.load()).toHaveLength(1)
  await storage.close()
})

test.each(['standby', 'observer'] as const)(
  '[NP13] a peer that is to be %s is the same one at each start',
  async (role) => {
    const options = {
      ...optionsWith(`&machine=seats&signal=${encodeURIComponent(server)}`),
      ...{ role, machine: seats },
    }
    const first = await createPeer(options)
    const { me } = first.group
    await expect(levelStorage(options.data)).rejects.toThrow(options.data)
    await first.close()
    const again = await createPeer(options)
    expect(again.group.me).toBe(me)
    expect(again.group.status).toMatchObject({ phase: 'joining', storage: { kind: 'leveldb' } })
    await again.close()
  },
)

test('[NP11] a peer without a machine has the door, and no commands', async () => {
  const peer = await createPeer(optionsWith(`&machine=seats&signal=${encodeURIComponent(server)}`))
  expect(Object.keys(peer.group.do)).toEqual([])
  expect(peer.group.state).toBeUndefined()
  await peer.close()
})

test.each([
  ['a link of nothing', { invite: 'https://app.example/' }, 'bad-invite'],
  ['no server', {}, 'bad-option'],
  ['no socket', { signal: 'http://x' }, 'bad-option'],
  ['a role that there is not', { signal: server, role: 'leader' as never }, 'bad-option'],
])('[NP10] with %s it is refused', async (_, given, code) => {
  const refused = createPeer({ ...optionsWith('&machine=seats'), ...given })
  await expect(refused).rejects.toMatchObject({ code })
})

test('[NP10] a machine that is not the one of the group is refused, and so is none whose name is not known', async () => {
  const other = optionsWith(`&machine=other&signal=${encodeURIComponent(server)}`)
  await expect(createPeer({ ...other, machine: seats })).rejects.toMatchObject({
    code: 'bad-machine',
  })
  const nameless = optionsWith(`&signal=${encodeURIComponent(server)}`)
  await expect(createPeer(nameless)).rejects.toMatchObject({ code: 'bad-machine' })
})
