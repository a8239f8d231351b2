import { expect, test } from 'vitest'
import { logEnd, newestConfiguration } from '../protocol/log.ts'
import type { Box } from '../protocol/rotation.ts'
import { leaderOf } from '../testing/leaders.ts'
import { a, b, c, d } from '../testing/stores.ts'
import { judgeRotate, rotate } from './rotating.ts'
import type { Step } from './surroundings.ts'

const begun = (): Step => leaderOf([a, b, c])

const box = (store: Box['store']): Box => ({ store, sealed: new Uint8Array(32) })

const drawn = (number: number, ...stores: readonly Box['store'][]) => ({
  type: 'rotate' as const,
  rotation: { number, hash: '0'.repeat(32), stays: [a, b, c] },
  boxes: { key: new Uint8Array(32), boxes: stores.map(box) },
})

const rotationOf = ({ replica }: Step): number | undefined =>
  newestConfiguration(replica.protocol.log)?.rotation?.number

test('[RS6] a secret that most of those who vote could not read is not decided on', () => {
  const step = begun()
  step.replica.election.happy = true
  const end = logEnd(step.replica.protocol.log)
  rotate(step, drawn(1, a))
  rotate(step, drawn(1, a, d))
  expect(logEnd(step.replica.protocol.log)).toBe(end)
  rotate(step, drawn(1, a, b))
  expect(rotationOf(step)).toBe(1)
})

test('[RS2] what was drawn for another place, or while something else is on its way, is thrown away', () => {
  const step = begun()
  step.replica.election.happy = true
  rotate(step, drawn(2, a, b, c))
  expect(rotationOf(step)).toBeUndefined()
  rotate(step, drawn(1, a, b, c))
  const end = logEnd(step.replica.protocol.log)
  rotate(step, drawn(1, a, b, c))
  rotate(step, drawn(2, a, b, c))
  expect(logEnd(step.replica.protocol.log)).toBe(end)
})

test('[RS2] a leader without a majority begins nothing, and says so', () => {
  const step = begun()
  const { role } = step.replica.protocol
  if (role.phase !== 'leading') throw new Error('it leads')
  role.gate = undefined
  step.replica.peers.clear()
  const answer = judgeRotate(step, role, { rotations: 0, by: a })
  expect(['notReached', undefined]).toContain(answer)
  expect(step.out.notify.filter(({ type }) => type === 'rotationDue')).toEqual([])
})
