import { describe, expect, it } from 'vitest'
import { failingStorage } from '../testing/failing-storage.ts'
import { describeStorageContract } from '../testing/storage-contract.ts'
import { memoryStorage } from './memory-storage.ts'

const clean = (): Promise<void> => Promise.resolve()

describeStorageContract({ describe, it, expect }, 'memory', () =>
  Promise.resolve({ open: memoryStorage(), clean }),
)

describeStorageContract({ describe, it, expect }, 'a disk that has not failed yet', () => {
  const open = memoryStorage()
  return Promise.resolve({ open: async (name) => failingStorage(await open(name)), clean })
})
