/** The demo's door for automation: tests and the command line reach the page's group through it. Types only. */
import type { Group } from 'unanimous'
import type { Load } from './load.ts'
import type { House, HouseCommands } from './house-machine.ts'

/**
 * `window.unanimous`, there from the moment at which the group is open in this tab. Only this page's own scripts, the
 * developer tools and a browser's driver can reach it.
 */
export interface Door {
  readonly group: Group<House, HouseCommands>
  /** Proposes the command `count` so often, some of them at a time, and measures. */
  readonly load: (commands: number) => Promise<Load>
}

declare global {
  interface Window {
    unanimous?: Door
  }
}
