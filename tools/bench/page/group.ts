/** The group of this tab: opens it, writes into it, says how it stands. */
import type { Group } from 'unanimous'
import { createGroup, defineMachine } from 'unanimous'
import type { Digest, GroupPlace, GroupView, WritePlan, WriteRun } from './bench-page.ts'
import { moment } from './moment.ts'

interface Ledger {
  readonly lines: number
  readonly last: string
}

const ledger = defineMachine({
  name: 'bench',
  version: 1,
  initial: (): Ledger => ({ lines: 0, last: '' }),
  commands: {
    write: (state, line: string): Ledger => ({ lines: state.lines + 1, last: line }),
  },
})

/** What a command costs beside its line: the JSON of its name and its argument. */
const emptyCommandBytes = JSON.stringify(['write', '']).length

export class GroupOfTab {
  readonly #group: Group<Ledger, typeof ledger.commands>
  readonly #tab: number
  #written = 0

  private constructor(group: Group<Ledger, typeof ledger.commands>, tab: number) {
    this.#group = group
    this.#tab = tab
  }

  static async open({ room, signal, tab }: GroupPlace): Promise<GroupOfTab> {
    return new GroupOfTab(await createGroup({ room, machine: ledger, signal }), tab)
  }

  view(): GroupView {
    const { status, inspect } = this.#group
    const { commits, journalBytes, framesSent } = inspect.figures()
    return {
      rung: status.rung,
      voters: status.quorum.voters.length,
      members: status.members.filter(({ reached }) => reached).length,
      isReady: status.phase === 'ready',
      decidedEnd: status.commit,
      ballot: `${status.ballot.num}.${status.ballot.node}`,
      commits,
      journalBytes,
      framesSent,
    }
  }

  digest(end: number): Digest {
    return this.#group.inspect.digest(end)
  }

  /** One command whose bytes in the log are `bytes` long; resolves with what became of it. */
  async writeOne(bytes: number): Promise<string> {
    this.#written += 1
    const line = `${this.#tab}.${this.#written} `.padEnd(bytes - emptyCommandBytes, 'x')
    const { kind } = await this.#group.do.write(line).outcome
    return kind
  }

  async write({ count, forMs, outstanding, bytes }: WritePlan): Promise<WriteRun> {
    const otherwise: Record<string, number> = {}
    const startedAt = moment()
    let begun = 0
    let committed = 0
    let lastAt = startedAt
    let longestPauseMs = 0
    const writer = async (): Promise<void> => {
      while (begun < count && moment() < startedAt + forMs) {
        begun += 1
        const kind = await this.writeOne(bytes)
        if (kind !== 'committed') {
          otherwise[kind] = (otherwise[kind] ?? 0) + 1
          continue
        }
        committed += 1
        const at = moment()
        longestPauseMs = Math.max(longestPauseMs, at - lastAt)
        lastAt = at
      }
    }
    await Promise.all(Array.from({ length: outstanding }, writer))
    return { committed, otherwise, startedAt, endedAt: moment(), longestPauseMs }
  }
}
