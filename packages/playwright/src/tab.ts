/** One tab of the app under test: its page, what its group shows, and commands through it. Several tabs are cluster.ts. */
import type { JSHandle, Page } from '@playwright/test'
import type { GroupStatus, HookedGroup, Json, MemberId, Outcome } from 'unanimous'
import type { Operation } from './history.ts'
import type { Told } from './page-hook.ts'

/** One tab of the app under test. */
export class Tab {
  readonly page: Page
  /** A letter, in the order of opening: A, B, C … */
  readonly name: string
  readonly #process: number
  readonly #onChange: () => void
  readonly #operations: Operation[] = []
  /** Where the operations of the page's present life begin. */
  #lifeFrom = 0
  #status: GroupStatus | undefined
  #gone = false

  /** Not for tests: `cluster.open` makes tabs. */
  constructor(page: Page, process: number, onChange: () => void) {
    this.page = page
    this.#process = process
    this.name = nameOf(process)
    this.#onChange = onChange
    page.on('close', () => this.#leave())
    page.on('crash', () => this.#leave())
  }

  /** Closed or killed. */
  get isGone(): boolean {
    return this.#gone
  }

  /** What the group showed last; undefined before the page opened one. */
  get shown(): GroupStatus | undefined {
    return this.#status
  }

  /** Every command of this tab, whoever gave it: the test or the app. */
  get operations(): readonly Operation[] {
    return this.#operations
  }

  /** Proposes through the tab's group; resolves with the outcome and never rejects because of it. */
  async do(command: string, args?: Json): Promise<Outcome<unknown>> {
    const group = await this.group()
    // As text: the types of Playwright unfold every level of what is handed over, and JSON has no last one.
    const text = args === undefined ? undefined : JSON.stringify(args)
    return group.evaluate(
      (of, call) =>
        of.propose(
          call.command,
          call.text === undefined ? undefined : (JSON.parse(call.text) as Json),
        ).outcome,
      { command, text },
    )
  }

  /** The decided state, as it is applied in this tab now. */
  async state(): Promise<unknown> {
    return (await this.group()).evaluate((group) => group.state())
  }

  /** The state, once it holds all that any tab was told of before. */
  async read(): Promise<unknown> {
    return (await this.group()).evaluate((group) => group.read())
  }

  /** The status now; `shown` is what was told last. */
  async status(): Promise<GroupStatus> {
    return (await this.group()).evaluate((group) => group.status())
  }

  /** Who the tab is, and the name of its database. */
  async identity(): Promise<{ readonly me: MemberId; readonly store: string }> {
    return (await this.group()).evaluate(({ me, store }) => ({ me, store }))
  }

  /** The page's group, for `evaluate`; waits until the page opens one. */
  async group(): Promise<JSHandle<HookedGroup>> {
    return this.page.evaluateHandle(() => window.unanimousTest.group)
  }

  /** Called by the fixture with what the page tells. */
  heard(told: Told): void {
    switch (told.type) {
      case 'status':
        this.#status = told.status
        break
      case 'begun': {
        const { number, id, command, args, atMs: begunMs } = told
        // A page that was loaded again counts from 0.
        if (number === 0) this.#lifeFrom = this.#operations.length
        const of = { process: this.#process, tab: this.name }
        this.#operations.push({ ...of, id, command, args, begunMs, end: undefined })
        break
      }
      case 'ended': {
        const at = this.#lifeFrom + told.number
        const operation = this.#operations[at]
        if (operation !== undefined) this.#operations[at] = { ...operation, end: told.end }
        break
      }
    }
    this.#onChange()
  }

  /** Forgets what the page showed: it is loaded anew. */
  expectNewPage(): void {
    this.#status = undefined
  }

  #leave(): void {
    this.#gone = true
    this.#onChange()
  }
}

function nameOf(process: number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
  return letters[process] ?? `tab ${process + 1}`
}

/** One line about what a tab shows, for failures. */
export function wordTab(tab: Tab): string {
  const { name, isGone, shown } = tab
  if (isGone) return `${name}: closed`
  if (shown === undefined) return `${name}: no group yet`
  const { phase, rung, leader, ballot, commit, quorum, why } = shown
  const { have, need, voters } = quorum
  const follows = leader === undefined ? 'nobody' : leader.slice(0, 4)
  const reason = why === undefined ? '' : `; ${why}`
  return (
    `${name} (${shown.members[0]?.id.slice(0, 4) ?? '?'}): ${phase}, ${rung}, follows ${follows} in ballot ${ballot.num}, ` +
    `${commit} decided, reaches ${have} of ${voters.length} voters and needs ${need}${reason}`
  )
}
