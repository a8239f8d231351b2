/** A tab without a majority: since when, and the way out that only a person may choose. */
import { NotRecovered } from 'unanimous'
import type { Group, GroupStatus } from 'unanimous'
import type { House, HouseCommands } from './house-machine.ts'
import type { Title } from './status-words.ts'

/** Longer than a reload, or a laptop that is opened again, usually takes. */
const strandedAfterMs = 10_000

export interface Stranded {
  is(status: Pick<GroupStatus, 'phase' | 'quorum'>): boolean
}

/** `changed` is called when a majority has been missing for so long. */
export function watchStranded(changed: () => void): Stranded {
  let since: number | undefined
  return {
    is({ phase, quorum }) {
      if (phase !== 'no-quorum' || quorum.have >= quorum.need) {
        since = undefined
        return false
      }
      if (since === undefined) {
        since = performance.now()
        setTimeout(changed, strandedAfterMs)
      }
      return performance.now() - since >= strandedAfterMs
    },
  }
}

/** Begins the group anew from this tab, and says what came of it. */
export async function beginAnew(
  { admin }: Pick<Group<House, HouseCommands>, 'admin'>,
  announce: (title: Title) => void,
): Promise<void> {
  try {
    const { lostFrom } = await admin.recover({ acceptPossibleLoss: true })
    const small = `It goes on from what this tab held. What only the others knew, from decision ${lostFrom} on, is lost.`
    announce({ tone: 'good', line: 'The show goes on', small })
  } catch (error) {
    if (!(error instanceof NotRecovered)) throw error
    announce({ tone: 'bad', line: 'Not from here', small: error.message })
  }
}
