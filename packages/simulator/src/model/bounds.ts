/** How far a check goes. Everything else of the protocol is explored completely. */

export interface Bounds {
  /** Nominations of one store. */
  readonly nominationsOfOne: number
  /** Nominations in all. */
  readonly nominations: number
  /** Appended commands. */
  readonly commands: number
  /** Appended configurations, each any set of the three stores. */
  readonly configurations: number
  /** Restarts, each with what the last step wrote or without it. */
  readonly restarts: number
  /** Messages that arrive once more. */
  readonly duplicates: number
  /** Heirs that are named, each any other store. */
  readonly heirs: number
  /** Pages that close; each may open again. */
  readonly closings: number
}

const noWills = { heirs: 0, closings: 0 } as const

/**
 * What a run of the tests has time for; what takes minutes; what takes an hour. `wills`: a page closes and leaves its votes to
 * somebody, before, while or after one store comes to lead; `willsLarge`: and appends a command.
 */
export const presets: Readonly<
  Record<'small' | 'standard' | 'large' | 'wills' | 'willsLarge', Bounds>
> = {
  small: {
    nominationsOfOne: 1,
    nominations: 2,
    commands: 1,
    configurations: 0,
    restarts: 0,
    duplicates: 0,
    ...noWills,
  },
  standard: {
    nominationsOfOne: 2,
    nominations: 2,
    commands: 1,
    configurations: 1,
    restarts: 0,
    duplicates: 0,
    ...noWills,
  },
  large: {
    nominationsOfOne: 2,
    nominations: 3,
    commands: 2,
    configurations: 1,
    restarts: 1,
    duplicates: 0,
    ...noWills,
  },
  wills: {
    nominationsOfOne: 1,
    nominations: 1,
    commands: 0,
    configurations: 0,
    restarts: 1,
    duplicates: 0,
    heirs: 1,
    closings: 1,
  },
  willsLarge: {
    nominationsOfOne: 1,
    nominations: 1,
    commands: 1,
    configurations: 0,
    restarts: 0,
    duplicates: 0,
    heirs: 1,
    closings: 1,
  },
}

export const isPreset = (word: string): word is keyof typeof presets => word in presets
