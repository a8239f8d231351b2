import type { Clock } from '@unanimous/core'
import { millis, wallMillis } from '@unanimous/core'
import { beforeEach, expect, test, vi } from 'vitest'
import { iceRenewMs, iceSourceOf } from './ice-source.ts'

const turn = (credential: string): RTCConfiguration => ({
  iceServers: [{ urls: 'turn:turn.example', username: 'u', credential }],
})

let now = 0
let tick: (() => void) | undefined
const clock: Clock = {
  now: () => millis(now),
  wall: () => wallMillis(now),
  every: (_periodMs, call) => {
    tick = call
    return () => (tick = undefined)
  },
}

const failed = vi.fn()

beforeEach(() => {
  now = 0
  tick = undefined
  failed.mockReset()
})

/** Time passes, and whatever was asked for comes. */
async function pass(ms: number): Promise<void> {
  now += ms
  tick?.()
  await Promise.resolve()
  await Promise.resolve()
}

test('[RO4] servers that are given are used as they are, and nobody is asked', async () => {
  const { newest } = await iceSourceOf(turn('one'), clock, failed)
  expect([newest(), tick]).toEqual([turn('one'), undefined])
  expect((await iceSourceOf(undefined, clock, failed)).newest()).toEqual({})
})

test('[RO4] servers that are asked for are asked for again before their passwords run out', async () => {
  const words = ['one', 'two', 'three']
  const ask = vi.fn(() => Promise.resolve(turn(words.shift() ?? '')))
  const { newest, stop } = await iceSourceOf(ask, clock, failed)
  expect(newest()).toEqual(turn('one'))
  await pass(iceRenewMs - 1)
  expect(ask).toHaveBeenCalledTimes(1)
  await pass(1)
  expect(newest()).toEqual(turn('two'))
  stop()
  expect(tick).toBeUndefined()
})

test('[RO4] the first answer must come; when a later one fails, those of before stay and it is asked again', async () => {
  await expect(
    iceSourceOf(() => Promise.reject(new Error('no TURN')), clock, failed),
  ).rejects.toThrow('no TURN')
  const answers = [Promise.resolve(turn('one')), Promise.reject(new Error('away'))]
  const ask = (): Promise<RTCConfiguration> => answers.shift() ?? Promise.resolve(turn('three'))
  const { newest } = await iceSourceOf(ask, clock, failed)
  await pass(iceRenewMs)
  expect(newest()).toEqual(turn('one'))
  expect(failed).toHaveBeenCalledTimes(1)
  await pass(60_000)
  expect(newest()).toEqual(turn('three'))
})
