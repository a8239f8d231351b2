import { describe, expect, it } from 'vitest'
import { StorageError } from '../base/errors.ts'
import { createEntriesCodec } from '../codec/entries-codec.ts'
import { journalStart } from '../codec/journal.ts'
import type { Ballot } from '../protocol/ballot.ts'
import type { Effects } from '../protocol/effects.ts'
import { noEffects } from '../protocol/effects.ts'
import type { ReplicaId } from '../protocol/ids.ts'
import { incarnation, index, replicaId } from '../protocol/ids.ts'
import type { Envelope } from '../protocol/message.ts'
import { memoryStorage } from '../storage/memory-storage.ts'
import type { FailingStorage, Fault } from '../testing/failing-storage.ts'
import { failingStorage } from '../testing/failing-storage.ts'
import { settled } from '../testing/manual-clock.ts'
import type { AfterWrites } from './writer.ts'
import { Writer } from './writer.ts'

const [a, b] = [replicaId('a'.repeat(32)), replicaId('b'.repeat(32))]

/** Effects that write `promise` if it is given, and then send a message that carries `mark`. */
function effects(mark: number, promise?: number): Effects {
  const out = noEffects()
  if (promise !== undefined)
    out.persist.push({ type: 'promise', ballot: { num: promise, node: a } })
  const ballot = { num: mark, node: b }
  out.send.push({ to: b, message: { type: 'gap', ballot, logEnd: index(mark) } })
  out.notify.push({ type: 'removed' })
  return out
}

const marksOf = ({ send }: Pick<AfterWrites, 'send'>): readonly number[] =>
  send.flatMap(({ message }) => (message.type === 'gap' ? [message.logEnd] : []))

interface Bench {
  readonly writer: Writer
  readonly disk: FailingStorage
  /** The marks of each call of `done`. */
  readonly done: (readonly number[])[]
  readonly failures: Error[]
}

const owner = () => ({
  ...{ secret: new Uint8Array(32), secrets: [], group: undefined, incarnation: incarnation(1) },
})

async function bench(options: { onDone?: (bench: Bench) => void } = {}): Promise<Bench> {
  const disk = failingStorage(await memoryStorage()('disk'))
  const made: Bench = {
    disk,
    done: [],
    failures: [],
    writer: new Writer({
      storage: disk,
      entries: createEntriesCodec(),
      end: journalStart,
      owner,
      done: (after) => {
        made.done.push(marksOf(after))
        options.onDone?.(made)
      },
      failed: (error) => made.failures.push(error),
    }),
  }
  return made
}

const accepted = (to: ReplicaId, ballot: Ballot, logEnd: number): Envelope => ({
  to,
  message: {
    ...{ type: 'accepted', ballot, votes: [] },
    ...{ logEnd: index(logEnd), decidedEnd: index(0) },
  },
})

describe('the writer', () => {
  it('[WR1] what is enqueued during a write becomes one record, in order', async () => {
    const { writer, disk, done } = await bench()
    disk.breakNext('hang')
    writer.enqueue(effects(1, 1))
    for (const mark of [2, 3, 4]) writer.enqueue(effects(mark, mark))
    writer.enqueue(effects(5))
    await settled()
    expect([writer.commits, disk.appends]).toEqual([1, 1])
    expect(done).toEqual([])
    disk.release()
    await settled()
    expect(done).toEqual([[1], [2, 3, 4, 5]])
    expect([writer.commits, disk.appends]).toEqual([2, 2])
    expect((await disk.load()).length).toBe(2)
  })

  it('[WR2] what wants no write and has none before it waits for nothing', async () => {
    const { writer, disk, done } = await bench()
    writer.enqueue(effects(1))
    expect(done).toEqual([[1]])
    expect(disk.appends).toBe(0)
  })

  it('[WR2] what wants a write is sent only after it, and so is what came later', async () => {
    const { writer, disk, done } = await bench()
    disk.breakNext('hang')
    writer.enqueue(effects(1, 1))
    writer.enqueue(effects(2))
    await settled()
    expect(done).toEqual([])
    disk.release()
    await settled()
    expect(done).toEqual([[1], [2]])
  })

  it('[WR3] after stop nothing is written, sent or applied', async () => {
    const { writer, disk, done } = await bench()
    disk.breakNext('hang')
    writer.enqueue(effects(1, 1))
    writer.enqueue(effects(2, 2))
    writer.stop()
    writer.enqueue(effects(3, 3))
    disk.release()
    await settled()
    expect(done).toEqual([])
    expect([disk.appends, (await disk.load()).length]).toEqual([1, 1])
  })

  it('[WR3] who stops it while being told has written nothing more', async () => {
    const { writer, disk, done } = await bench({ onDone: (made) => made.writer.stop() })
    disk.breakNext('hang')
    writer.enqueue(effects(1, 1))
    writer.enqueue(effects(2, 2))
    disk.release()
    await settled()
    expect(done).toEqual([[1]])
    expect(disk.appends).toBe(1)
  })

  it.each<Fault>(['fail', 'tear', 'lie'])(
    '[WR4] a write that fails (%s) is told once, and nothing follows',
    async (fault) => {
      const { writer, disk, done, failures } = await bench()
      writer.enqueue(effects(1, 1))
      await settled()
      disk.breakNext(fault)
      writer.enqueue(effects(2, 2))
      writer.enqueue(effects(3, 3))
      await settled()
      writer.enqueue(effects(4))
      await settled()
      expect(done).toEqual([[1]])
      expect(failures).toHaveLength(1)
      expect(failures[0]).toBeInstanceOf(StorageError)
      expect(disk.appends).toBe(2)
    },
  )

  it('[WR4] a failure after stop is nobody’s business', async () => {
    const { writer, disk, failures } = await bench()
    disk.breakNext('fail')
    writer.enqueue(effects(1, 1))
    writer.stop()
    await settled()
    expect(failures).toEqual([])
  })

  it('[WR4] an error in what comes after a write is a failure, not a lost promise', async () => {
    const broken = new Error('broken')
    const { writer, disk, failures } = await bench({
      onDone: () => {
        throw broken
      },
    })
    writer.enqueue(effects(1, 1))
    writer.enqueue(effects(2, 2))
    await settled()
    expect(failures).toEqual([broken])
    expect(disk.appends).toBe(1)
  })

  it('[WR5] an acceptance covers the earlier ones of its ballot to its leader, and no other message', async () => {
    const told: Envelope[] = []
    const disk = failingStorage(await memoryStorage()('disk'), { at: 0, fault: 'hang' })
    const writer = new Writer({
      storage: disk,
      entries: createEntriesCodec(),
      end: journalStart,
      owner,
      done: ({ send }) => told.push(...send),
      failed: (error) => expect(error).toBeUndefined(),
    })
    writer.enqueue(effects(1, 1))
    const [old, young] = [
      { num: 1, node: b },
      { num: 2, node: b },
    ]
    const nack: Envelope = {
      to: b,
      message: { type: 'nack', ballot: old, votes: [], promised: young },
    }
    const sends = [
      accepted(b, old, 3),
      nack,
      accepted(b, old, 5),
      accepted(a, old, 4),
      accepted(b, young, 2),
      accepted(b, young, 6),
      nack,
    ]
    for (const envelope of sends) writer.enqueue({ ...noEffects(), send: [envelope] })
    disk.release()
    await settled()
    const [, second, third, fourth, , sixth, last] = sends
    expect(told.slice(1)).toEqual([second, third, fourth, sixth, last])
  })

  it('[WR6] what is enqueued while it tells has its turn afterwards', async () => {
    const turns: string[] = []
    const { writer, done } = await bench({
      onDone: (made) => {
        turns.push('begin')
        if (made.done.length < 3) made.writer.enqueue(effects(made.done.length + 1))
        turns.push('end')
      },
    })
    writer.enqueue(effects(1))
    expect(done).toEqual([[1], [2], [3]])
    expect(turns).toEqual(['begin', 'end', 'begin', 'end', 'begin', 'end'])
  })

  it('[WR7] says which record is on its way', async () => {
    const { writer, disk } = await bench()
    expect(writer.underWay).toBeUndefined()
    writer.enqueue(effects(1, 1))
    await settled()
    expect(writer.underWay).toBeUndefined()
    disk.breakNext('hang')
    writer.enqueue(effects(2, 2))
    writer.enqueue(effects(3, 3))
    expect(writer.underWay).toBe(2)
    disk.release()
    await settled()
    expect(writer.underWay).toBeUndefined()
  })

  it('[WR1] counts what it wrote', async () => {
    const { writer, disk } = await bench()
    writer.enqueue(effects(1, 1))
    await settled()
    writer.enqueue(effects(2, 2))
    await settled()
    const records = await disk.load()
    expect(writer.commits).toBe(2)
    expect(writer.bytes).toBe(records.reduce((sum, { length }) => sum + length, 0))
  })
})
