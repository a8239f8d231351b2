/** What a checker may see of a world of tabs. */
import type { Observations } from './observations.ts'
import type { Tab } from './tab.ts'

export type Watcher = Observations<Tab>
