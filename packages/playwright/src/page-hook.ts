/**
 * What runs in every page under test before its scripts: it takes the groups that announce themselves, and tells the test of
 * every change and every command. Handed to the page as text: it can use nothing from outside itself.
 */
import type { Faults, GroupStatus, Hook, HookedGroup } from 'unanimous'
import type { OperationEnd } from './history.ts'

/** What a page tells the test by itself. */
export type Told =
  | { readonly type: 'status'; readonly status: GroupStatus }
  | {
      readonly type: 'begun'
      readonly number: number
      readonly id: string
      readonly command: string
      readonly args: unknown
      readonly atMs: number
    }
  | { readonly type: 'ended'; readonly number: number; readonly end: OperationEnd }

/** What the test finds in the page. */
export interface InPage {
  /** The last that was opened; never rejects. */
  readonly group: Promise<HookedGroup>
  /** Its faults. */
  faults(): Promise<Faults>
}

declare global {
  interface Window {
    /** Put in by the test; resolves when the test has heard it. */
    tellUnanimousTest?: (told: Told) => Promise<void>
    unanimousTest: InPage
    /** Put in by the test before anything else: as what the page opens its groups. */
    unanimousTestRole?: 'observer'
  }
}

export function installPageHook(): void {
  let opened: (group: HookedGroup) => void = () => undefined
  const first = new Promise<HookedGroup>((resolve) => {
    opened = resolve
  })
  let group: Promise<HookedGroup> = first
  let commands = 0
  const tell = (told: Told): Promise<void> => window.tellUnanimousTest?.(told) ?? Promise.resolve()

  function tellStatus(of: HookedGroup): () => void {
    let telling = false
    let again = false
    // One at a time: a test that is slower than the group must not be buried under what it was told.
    const run = async (): Promise<void> => {
      telling = true
      while (again) {
        again = false
        await tell({ type: 'status', status: of.status() })
      }
      telling = false
    }
    return () => {
      again = true
      if (!telling) void run()
    }
  }

  const hook: Hook = {
    // The test says so after this hook is there, and before the page's own scripts run.
    get role() {
      return window.unanimousTestRole
    },
    opened(of) {
      opened(of)
      group = Promise.resolve(of)
      const changed = tellStatus(of)
      of.subscribe(changed)
      changed()
    },
    proposed(_of, { command, args, proposal }) {
      const number = commands
      commands += 1
      const { id } = proposal
      void tell({ type: 'begun', number, id, command, args, atMs: Date.now() })
      void proposal.outcome.then((outcome) => {
        const index = 'index' in outcome ? outcome.index : undefined
        const result = outcome.kind === 'committed' ? outcome.result : outcome
        void tell({
          type: 'ended',
          number,
          end: { atMs: Date.now(), kind: outcome.kind, index, result },
        })
      })
    },
  }
  Object.defineProperty(globalThis, Symbol.for('unanimous.hook'), { value: hook })
  window.unanimousTest = {
    get group() {
      return group
    },
    async faults() {
      const { faults } = (await group).inspect
      if (faults === undefined) throw new Error('This group was opened without faults.')
      return faults
    },
  }
}
