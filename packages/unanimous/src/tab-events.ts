/** What `group.on` tells: one stream of events, each listener hears the kind that it asked for. */
import { createObservers } from '@unanimous/core'
import { complain } from './complaint.ts'
import type { GroupEvents } from './group.ts'
import type { Applied } from './machine-runner.ts'
import type { GroupStatus } from './status.ts'

type Told = {
  readonly [E in keyof GroupEvents]: { readonly event: E; readonly detail: GroupEvents[E] }
}[keyof GroupEvents]

export class TabEvents {
  readonly #observers = createObservers<Told>(complain)

  on<E extends keyof GroupEvents>(
    event: E,
    listener: (detail: GroupEvents[E]) => void,
  ): () => void {
    return this.#observers.subscribe((told) => {
      if (told.event === event) listener(told.detail as GroupEvents[E])
    })
  }

  tell<E extends keyof GroupEvents>(event: E, detail: GroupEvents[E]): void {
    this.#observers.publish({ event, detail } as Told)
  }

  tellApplied({ index, author, command, ending, emitted }: Applied): void {
    this.tell('committed', { index, author, command, ending: ending.kind })
    for (const event of emitted) this.tell('emitted', { index, author, event })
  }

  tellStatus(status: GroupStatus, before: GroupStatus | undefined): void {
    const { leader, rung, machine } = status
    if (leader !== before?.leader) this.tell('leader', { leader, before: before?.leader })
    const { version } = machine
    if (version !== undefined && version !== before?.machine.version) {
      this.tell('machine', { version, before: before?.machine.version })
    }
    if (before !== undefined && rung !== before.rung) {
      this.tell('rung', { rung, before: before.rung })
    }
    this.tell('status', status)
  }
}
