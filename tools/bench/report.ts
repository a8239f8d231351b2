/** What was measured, for people: tables, and each target beside its figure. Computes nothing but the verdict. */
import type { CpuShare } from './cpu-shares.ts'
import type { FailOver } from './fail-over.ts'
import type { Latency, TabLatency } from './latency.ts'
import type { Memory, TabMemory } from './memory.ts'
import type { SimulatorSpeed } from './simulator.ts'
import type { Summary } from './statistics.ts'
import type { Throughput } from './throughput.ts'

export interface Machine {
  readonly cores: number
  readonly cpu: string
  readonly platform: string
  readonly browser: string
  readonly node: string
}

export interface Measured {
  readonly machine: Machine
  readonly quick: boolean
  readonly seconds: number
  readonly latency?: Latency
  readonly throughput?: Throughput
  readonly memory?: Memory
  readonly failover?: FailOver
  readonly simulator?: SimulatorSpeed
}

export interface Target {
  readonly name: string
  readonly value: number
  readonly target: number
  /** Whether the figure must not exceed the target or must reach it. */
  readonly bound: 'at most' | 'at least'
  readonly met: boolean
}

const ratioMax = 1.5
const writesMin = 20_000
const memoryBytesMax = 60 * 1024 * 1024
const megabyte = 1024 * 1024
/** Medians, in milliseconds. */
const closedMsMax = 300
const killedMsMax = 600
const killedUnseenMsMax = 2000
const bareSpeedMin = 30
const checkedSpeedMin = 5

export function targetsOf(measured: Measured): readonly Target[] {
  const { latency, throughput, memory, failover, simulator } = measured
  const atMost = (name: string, value: number, target: number): Target => ({
    ...{ name, value, target, bound: 'at most', met: value <= target },
  })
  const atLeast = (name: string, value: number, target: number): Target => ({
    ...{ name, value, target, bound: 'at least', met: value >= target },
  })
  return [
    ...(latency === undefined
      ? []
      : [atMost("p50 in the leader's tab / floor", latency.leader.ratio, ratioMax)]),
    ...(throughput === undefined ? [] : [atLeast('writes/s', throughput.writes, writesMin)]),
    ...(memory === undefined
      ? []
      : [atMost('memory of a tab, MB', memory.above / megabyte, memoryBytesMax / megabyte)]),
    ...(failover === undefined
      ? []
      : [
          atMost('ms without the leader, closed', failover.closed.p50, closedMsMax),
          atMost('the same, killed', failover.killed.p50, killedMsMax),
          atMost('the same, killed, no server', failover.killedUnseen.p50, killedUnseenMsMax),
        ]),
    ...(simulator === undefined
      ? []
      : [
          atLeast('simulated / real time', simulator.bare.ratio, bareSpeedMin),
          atLeast('the same with all checks', simulator.checked.ratio, checkedSpeedMin),
        ]),
  ]
}

const ms = (value: number): string => value.toFixed(2)
const ratio = (value: number): string => value.toFixed(2)
const whole = (value: number): string => Math.round(value).toLocaleString('en')
const mega = (value: number): string => (value / megabyte).toFixed(1)

/** Rows of cells, the first left-aligned, the others right-aligned. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  const cell = (text: string, column: number): string =>
    column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0)
  return rows.map((row) => `  ${row.map(cell).join('  ')}`.trimEnd()).join('\n')
}

const row = (name: string, { count, p50, p90, p99, max }: Summary): readonly string[] => [
  ...[name, ms(p50), ms(p90), ms(p99), ms(max), String(count)],
]

function tabText(name: string, latency: TabLatency): string {
  const { group, floor, twoTripFloor, roundTrip, commit, farCommit, bareQuorum } = latency
  return [
    table([
      [`from the ${name}'s tab, ms`, 'p50', 'p90', 'p99', 'max', 'samples'],
      row('bare round trip', roundTrip),
      row('one strict commit', commit),
      row('floor: round trip + commit', floor),
      row('the two in one go', farCommit),
      row('floor with two round trips', twoTripFloor),
      row('two of three commits, on bare channels', bareQuorum),
      row('a command of the group', group),
    ]),
    `  p50 / floor ${ratio(latency.ratio)}, / floor with two round trips ${ratio(latency.twoTripRatio)}, / two of three on bare channels ${ratio(latency.quorumRatio)}`,
  ].join('\n')
}

function latencyText({ bytes, leader, voter }: Latency): string {
  return [
    `LATENCY of one command of ${bytes} bytes, one at a time`,
    tabText('leader', leader),
    '',
    tabText('voter', voter),
    "  A leader's command takes two half round trips and a commit at their turn: the entry goes out, the answer comes back.",
    "  A voter's takes two more: to the leader before them, and the leader's word that it is decided after them.",
  ].join('\n')
}

function cpuText({ leader, voter, browser, network, storage, others }: CpuShare): string {
  const named = { leader, 'each voter': voter, browser, network, storage, others }
  return Object.entries(named)
    .map(([name, share]) => `${name} ${share.toFixed(2)}`)
    .join(', ')
}

function throughputText(throughput: Throughput): string {
  const { bytes, outstanding, rounds } = throughput
  const line = (name: string, of: (at: number) => string, middle: string): readonly string[] => [
    ...[name, ...rounds.map((_, at) => of(at)), middle],
  ]
  const figure = (
    name: string,
    key: 'writes' | 'onePair' | 'threePairs' | 'updates',
    word: (value: number) => string,
  ): readonly string[] => line(name, (at) => word(rounds[at]?.[key] ?? 0), word(throughput[key]))
  return [
    `THROUGHPUT of three tabs at once, ${bytes} bytes each, ${whole(outstanding)} on their way per tab`,
    table([
      line('round', (at) => String(at + 1), 'median'),
      figure('writes/s of the group, on all disks', 'writes', whole),
      figure('updates/s of Yjs over y-webrtc, on no disk', 'updates', whole),
      figure('one bare channel, MB/s', 'onePair', mega),
      figure('three bare channels at once, MB/s', 'threePairs', mega),
    ]),
    `  writes / updates ${ratio(throughput.overUpdates)}, share of what bare channels carry ${ratio(throughput.shareOfChannels)}`,
    ...rounds.map(({ cpu, cpuMicroseconds, commits, batch, leaderChanged }, at) =>
      [
        `  round ${at + 1}: cores in use: ${cpuText(cpu)};`,
        `${cpuMicroseconds.toFixed(0)} us of CPU a command; ${whole(commits)} commits/s of ${whole(batch)}`,
        leaderChanged ? '(the leader changed)' : '',
      ]
        .join(' ')
        .trimEnd(),
    ),
  ].join('\n')
}

function memoryText(memory: Memory): string {
  const { blank, leaderEmpty, leader, voter } = memory
  const line = (name: string, { heap, process }: TabMemory): readonly string[] => [
    ...[name, mega(heap.used), mega(heap.buffers)],
    ...(process === undefined
      ? ['', '', '']
      : [mega(process.pss), mega(process.rss), mega(process.private)]),
  ]
  return [
    `MEMORY of a tab after ${whole(memory.commands)} commands of ${memory.bytes} bytes, after a collection`,
    table([
      ['MB', 'heap', 'buffers', 'PSS', 'RSS', 'private'],
      line('blank tab', blank),
      line('leader, before', leaderEmpty),
      line('leader', leader),
      line('voter', voter),
    ]),
    `  above a blank tab: ${mega(memory.above)} MB`,
  ].join('\n')
}

function failoverText({ closed, killed, killedUnseen }: FailOver): string {
  return [
    "FAIL-OVER: the longest time between two decisions around the leader's end, as a voter of three sees it",
    table([
      ['ms', 'p50', 'p90', 'p99', 'max', 'rounds'],
      row('its tab is closed', closed),
      row('its process is killed', killed),
      row('the same, no signaling server', killedUnseen),
    ]),
  ].join('\n')
}

function simulatorText({ bare, checked }: SimulatorSpeed): string {
  const line = (name: string, speed: SimulatorSpeed['bare']): readonly string[] => [
    ...[name, whole(speed.simulatedSeconds), ratio(speed.realSeconds), ratio(speed.ratio)],
    whole(speed.steps / speed.realSeconds),
  ]
  return [
    'SIMULATOR: five replicas, each with one command under way',
    table([
      ['', 'simulated s', 'real s', 'ratio', 'steps/s'],
      line('without checks after each step', bare),
      line('with them', checked),
    ]),
  ].join('\n')
}

function targetText(targets: readonly Target[]): string {
  const word = (value: number): string => (value >= 1000 ? whole(value) : ratio(value))
  return [
    'TARGETS',
    table(
      targets.map(({ name, value, bound, target, met }) => [
        ...[name, word(value), `${bound} ${word(target)}`, met ? 'met' : 'missed'],
      ]),
    ),
  ].join('\n')
}

export function textOf(measured: Measured): string {
  const { machine, latency, throughput, memory, failover, simulator, seconds, quick } = measured
  const kind = quick ? ' (quick: a look, not a figure to quote)' : ''
  return [
    `${machine.browser} on ${machine.cores} cores of ${machine.cpu}, ${seconds.toFixed(0)} s${kind}`,
    ...(latency === undefined ? [] : [latencyText(latency)]),
    ...(throughput === undefined ? [] : [throughputText(throughput)]),
    ...(memory === undefined ? [] : [memoryText(memory)]),
    ...(failover === undefined ? [] : [failoverText(failover)]),
    ...(simulator === undefined ? [] : [simulatorText(simulator)]),
    targetText(targetsOf(measured)),
  ].join('\n\n')
}
