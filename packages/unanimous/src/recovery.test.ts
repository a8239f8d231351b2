import { afterEach, expect, test } from 'vitest'
import { Superseded } from '@unanimous/core'
import { NotRecovered } from './errors.ts'
import { createTestCluster } from './testing.ts'
import type { NotesCluster, NotesTab } from './testing/notes.ts'
import { notes } from './testing/notes.ts'

let cluster: NotesCluster

async function three(): Promise<readonly [NotesTab, NotesTab, NotesTab]> {
  cluster = createTestCluster({ machine: notes })
  const [a, b, c] = await cluster.form(3)
  if (a === undefined || b === undefined || c === undefined) throw new Error('nobody')
  await a.do.add('before')
  await cluster.until(() => [b, c].every(({ state }) => state.length === 1))
  return [a, b, c]
}

afterEach(() => cluster.close())

const recover = ({ admin }: NotesTab) => admin.recover({ acceptPossibleLoss: true })

test('[RF5] the last of three goes on, keeps what was decided, and lets others in', async () => {
  const [a, b, c] = await three()
  const { group } = c.status
  cluster.crash(a)
  cluster.crash(b)
  await cluster.until(() => c.status.phase === 'no-quorum')
  expect(await c.read((state) => state, { consistency: 'local' })).toEqual(['before'])
  const { logEnd } = c.status
  expect(await recover(c)).toMatchObject({ epoch: 1, lostFrom: logEnd })
  await c.do.add('after')
  expect(c.state).toEqual(['before', 'after'])
  expect(c.status).toMatchObject({ group, epoch: 1, phase: 'ready', rung: 'leader' })
  const d = await cluster.open()
  await cluster.until(() => d.state.length === 2)
  expect(d.status).toMatchObject({ group, epoch: 1 })
})

test('[RF5] where a majority can be reached, and in a closed tab, nothing is begun anew', async () => {
  const [a, b] = await three()
  await expect(recover(a)).rejects.toThrow(NotRecovered)
  await expect(recover(a)).rejects.toMatchObject({ why: 'majority' })
  expect(a.status.epoch).toBe(0)
  b.close()
  await expect(recover(b)).rejects.toMatchObject({ why: 'closed' })
})

test('[RF5] a tab that was out of reach joins the group that was begun anew, by itself', async () => {
  const [a, b, c] = await three()
  for (const tab of [a, b, c]) cluster.isolate(tab)
  await cluster.until(() => [a, b, c].every(({ status }) => status.phase === 'no-quorum'))
  const { me } = a
  await recover(c)
  await c.do.add('after')
  cluster.crash(b)
  cluster.heal()
  await cluster.until(() => a.state.length === 2)
  expect(a.me).not.toBe(me)
  expect(a.status).toMatchObject({ epoch: 1, phase: 'ready' })
  await a.do.add('again')
  expect(a.state).toEqual(['before', 'after', 'again'])
})

test('[RF5] a tab that holds more than the group that was begun anew stops, and shows it', async () => {
  const [a, b, c] = await three()
  cluster.isolate(c)
  await a.do.add('only here')
  cluster.isolate(a)
  await cluster.until(() => a.status.phase === 'no-quorum' && c.status.phase === 'no-quorum')
  const halted: Error[] = []
  a.on('halted', (error) => halted.push(error))
  await recover(c)
  cluster.crash(b)
  cluster.heal()
  await cluster.until(() => halted.length > 0)
  expect(halted[0]).toBeInstanceOf(Superseded)
  expect(a.status.phase).toBe('stopped')
  expect(a.status.why).toContain('this tab holds more')
  expect(a.state).toEqual(['before', 'only here'])
  await a.forget()
})
