/** A steady load on one group: a few writers, each with one line under way. Does not know what the lines are for. */
import type { Outcome } from 'unanimous'

export interface Load {
  start(name: string): void
  /** Resolves with the outcomes that were not `committed`: each ended its writer. */
  stop(): Promise<readonly Outcome<number>[]>
}

interface Writable {
  readonly do: {
    write(line: string): { readonly outcome: Promise<Outcome<number>> }
  }
}

const writersCount = 4

/** `decided` is told of every line, and awaited before the next one. */
export function createLoad(
  group: Writable,
  decided: (line: string, index: number) => Promise<void>,
): Load {
  let running = false
  let ended: Promise<readonly Outcome<number>[]> = Promise.resolve([])

  async function write(name: string): Promise<readonly Outcome<number>[]> {
    for (let count = 0; running; count += 1) {
      const line = `${name} ${count}`
      const outcome = await group.do.write(line).outcome
      // A group that is closed answers at once: to go on would keep the page from going away.
      if (outcome.kind !== 'committed') return [outcome]
      await decided(line, outcome.index)
    }
    return []
  }

  return {
    start(name) {
      running = true
      const writers = Array.from({ length: writersCount }, (_, at) => write(`${name}.${at}`))
      ended = Promise.all(writers).then((all) => all.flat())
    },
    stop() {
      running = false
      return ended
    },
  }
}
