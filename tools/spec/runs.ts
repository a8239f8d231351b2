/** Which bounds of the model are searched, and which controls must fail. Data only. */

export interface SpecRun {
  /** For tables. */
  readonly name: string
  /** Passed to Spin as -D. */
  readonly defines: Readonly<Record<string, number>>
  /** A control: agreement must fail. */
  readonly fails: boolean
  /** Takes minutes: left out with --quick. */
  readonly long: boolean
}

const standard = { BALLOTS: 3, LENGTH: 2, CONFIGS: 1 } as const

const holds = (name: string, defines: SpecRun['defines'], long = false): SpecRun => ({
  ...{ name, defines, fails: false, long },
})

const fails = (name: string, control: string): SpecRun => ({
  ...{ name, defines: { ...standard, [control]: 1 }, fails: true, long: false },
})

export const runs: readonly SpecRun[] = [
  holds('two ballots, everything spelled out', { BALLOTS: 2, LENGTH: 2, CONFIGS: 1, WHOLE: 1 }),
  holds('three ballots, no configurations, spelled out', {
    ...standard,
    CONFIGS: 0,
    WHOLE: 1,
  }),
  holds('three ballots, spelled out', { ...standard, WHOLE: 1 }),
  holds('three ballots', standard),
  holds('three ballots, two founders and one who joins', { ...standard, GENESIS: 3 }),
  holds('three ballots, longer logs', { ...standard, LENGTH: 3 }, true),
  fails('control: configurations in the adopted tail are passed over', 'CONTROL_TAIL'),
  fails('control: a sync is not atomic', 'CONTROL_PARTIAL'),
  fails('control: a restart forgets promises', 'CONTROL_FORGET'),
  fails('control: a leader adopts its own log', 'CONTROL_OWN'),
]
