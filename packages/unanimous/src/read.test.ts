import { createMemoryWorld } from '@unanimous/core/testing'
import type { Replica } from '@unanimous/core'
import { expect, test } from 'vitest'
import type { Ending } from './machine-runner.ts'
import { readFrom } from './read.ts'

const ofState = { state: () => ({ count: 7 }), select: ({ count }: { count: number }) => count }

/** A replica that is in no group: only what is here can be read. */
async function lonely(): Promise<Replica<Ending>> {
  const { replica } = await createMemoryWorld().open('a')
  return replica as unknown as Replica<Ending>
}

test('[RG1] a local read gives what its function finds, or throws what it throws', async () => {
  const replica = await lonely()
  expect(await readFrom(replica, ofState, { consistency: 'local' })).toBe(7)
  const bad = {
    ...ofState,
    select: () => {
      throw new RangeError('no such seat')
    },
  }
  await expect(readFrom(replica, bad, { consistency: 'local' })).rejects.toThrow('no such seat')
})

test('[RG1] an abort gives its own reason, before and during the wait', async () => {
  const replica = await lonely()
  const abort = new AbortController()
  const reading = readFrom(replica, ofState, { abort: abort.signal })
  abort.abort(new Error('enough'))
  await expect(reading).rejects.toThrow('enough')
  await expect(readFrom(replica, ofState, { abort: abort.signal })).rejects.toThrow('enough')
})

test('[RG1] a closed group says why it reads nothing', async () => {
  const replica = await lonely()
  replica.closeNow()
  await expect(readFrom(replica, ofState)).rejects.toMatchObject({
    name: 'NotRead',
    code: 'not-read',
    why: 'closed',
  })
})
