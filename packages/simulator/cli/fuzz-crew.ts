/** Plays many seeds, in as many processes as it is told. What a result means is for its caller. */
import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { Result } from './fuzz-one.ts'
import { tryOne } from './fuzz-one.ts'

export interface Crew {
  /** 1: all is done here, without another process. */
  readonly jobs: number
  /** The next seed; undefined: enough. */
  readonly next: () => number | undefined
  /** In whatever order they end. */
  readonly ended: (seed: number, result: Result) => void
}

/** Rejects when one of the processes dies; why stands on stderr then. */
export async function playSeeds(crew: Crew): Promise<void> {
  if (crew.jobs > 1) {
    await Promise.all(Array.from({ length: crew.jobs }, () => playElsewhere(crew)))
    return
  }
  for (let seed = crew.next(); seed !== undefined; seed = crew.next()) {
    crew.ended(seed, tryOne(seed))
  }
}

async function playElsewhere({ next, ended }: Crew): Promise<void> {
  // Not a thread: on older versions of Node a loader of TypeScript does not reach into one.
  const hand = fork(join(import.meta.dirname, 'fuzz-hand.ts'))
  try {
    for (let seed = next(); seed !== undefined; seed = next()) ended(seed, await ask(hand, seed))
  } finally {
    hand.kill()
  }
}

function ask(hand: ChildProcess, seed: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const died = (code: number | null, signal: string | null): void =>
      reject(
        new Error(`A process died with seed ${seed}: ${signal ?? `exit status ${code ?? 0}`}.`),
      )
    hand.once('exit', died)
    hand.once('message', (result) => {
      hand.off('exit', died)
      resolve(result as Result)
    })
    hand.send(seed)
  })
}
