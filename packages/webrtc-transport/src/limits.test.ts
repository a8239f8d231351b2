import { expect, test } from 'vitest'
import { defaultLimits, meshLimits, MeshOptionsError, type MeshLimits } from './limits.ts'

test('[LK21] what is not chosen is the default', () => {
  expect(meshLimits({ linksMax: 3 })).toEqual({ ...defaultLimits, linksMax: 3 })
})

const broken: readonly Partial<MeshLimits>[] = [
  { linksMax: 0 },
  { pingEveryMs: -1 },
  { retryMsMin: 0.5 },
  { connectMsMax: Number.NaN },
  { windowLowBytes: 2, windowHighBytes: 1 },
  { messageBytesMax: 2, reassemblyBytesMax: 1 },
  { retryMsMin: 20_000 },
  { silenceMsMax: 500 },
  { messageBytesMax: 2 ** 30, reassemblyBytesMax: 2 ** 30 },
]

test.each(broken)('[LK21] limits that cannot work are refused: %j', (limits) => {
  expect(() => meshLimits(limits)).toThrow(MeshOptionsError)
})
