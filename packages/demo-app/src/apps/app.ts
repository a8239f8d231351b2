/** What each little application gets of the page. Types only. */
import type { Group } from 'unanimous'
import type { House, HouseCommands } from '../house-machine.ts'
import type { Look } from '../names.ts'

export interface AppParts {
  readonly group: Group<House, HouseCommands>
  readonly lookAt: (id: string) => Look
}

export interface App {
  /** Brings it in step with what is decided. */
  update(): void
}
