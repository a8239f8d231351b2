/**
 * What the bench asks of a tab: each call is one `window.bench.*` of the page under measurement. Types only, so that both
 * sides, the page and Node, read the same words. All times are milliseconds; a moment is one of the wall clock with the
 * resolution of `performance.now`, comparable between tabs of one machine.
 */

/** One sample a cycle of each kind, in milliseconds, in the order in which they were taken. */
export interface LatencySamples {
  /** A round trip of the bytes over a bare simple-peer channel. */
  readonly roundTrip: readonly number[]
  /** One strict IndexedDB transaction with the bytes as its one value. */
  readonly commit: readonly number[]
  /** A round trip in the middle of which the other tab commits the bytes: what the floor costs in one go. */
  readonly farCommit: readonly number[]
  /** What a group must do at least, on bare channels: commit here and in two other tabs, until two of three have. */
  readonly bareQuorum: readonly number[]
  /** One command through the group: from the call to its result. */
  readonly group: readonly number[]
}

export interface LatencyPlan {
  readonly cycles: number
  /** Between any two samples, so that what one leaves behind does not weigh on the next; 0 for none. */
  readonly pauseMs: number
  readonly bytes: number
}

export interface GroupPlace {
  readonly room: string
  readonly signal: string
  /** Tells the tabs apart in what they write. */
  readonly tab: number
}

export interface GroupView {
  readonly rung: string
  /** Voters of the newest configuration. */
  readonly voters: number
  /** Members that this tab hears and that hear it, itself included. */
  readonly members: number
  readonly isReady: boolean
  readonly decidedEnd: number
  /** The leadership that this tab follows. */
  readonly ballot: string
  /** Figures since the tab started: what went to the disk and over the links. */
  readonly commits: number
  readonly journalBytes: number
  readonly framesSent: number
}

export interface Digest {
  readonly end: number
  readonly commands: number
  readonly hash: string
}

/** Ends with whichever comes first. */
export interface WritePlan {
  readonly count: number
  readonly forMs: number
  /** Commands that are on their way at any time. */
  readonly outstanding: number
  /** Of one command as the log holds it. */
  readonly bytes: number
}

export interface WriteRun {
  readonly committed: number
  /** What else became of commands, by kind. */
  readonly otherwise: Readonly<Record<string, number>>
  readonly startedAt: number
  readonly endedAt: number
  /** The longest time between two commits, or the start and the first one; 0 without any. */
  readonly longestPauseMs: number
}

export interface RawPlace {
  readonly room: string
  readonly tab: number
  readonly tabs: number
}

export interface PumpPlan {
  readonly to: number
  readonly forMs: number
  readonly packetBytes: number
  /** The sender pauses while its channel holds more. */
  readonly windowBytes: number
}

/** `bytes` arrived at the other end, as it confirmed. */
export interface PumpRun {
  readonly bytes: number
  readonly startedAt: number
  readonly endedAt: number
}

export interface DocumentPlace {
  readonly room: string
  readonly signal: string
  readonly tab: number
}

export interface DocumentPlan {
  /** Updates that this tab makes, each in a transaction of its own. */
  readonly count: number
  /** Updates of all tabs together: the run ends when this tab has them. */
  readonly total: number
  readonly bytes: number
  /** The tab makes no more updates while a channel holds more. */
  readonly windowBytes: number
}

export interface DocumentRun {
  readonly startedAt: number
  readonly endedAt: number
  /** SHA-256 of the document's content, as this tab has it. */
  readonly hash: string
  /** 0 unless updates took another way than WebRTC. */
  readonly broadcastPeers: number
}

export interface BenchPage {
  openGroup(place: GroupPlace): Promise<void>
  view(): Promise<GroupView>
  digest(end: number): Promise<Digest>
  write(plan: WritePlan): Promise<WriteRun>
  /** Resolves when there is a bare channel to every other tab. */
  connectRaw(place: RawPlace): Promise<void>
  pump(plan: PumpPlan): Promise<PumpRun>
  sampleLatency(plan: LatencyPlan): Promise<LatencySamples>
  openDocument(place: DocumentPlace): Promise<void>
  /** WebRTC peers of the document that are connected. */
  documentPeers(): number
  fillDocument(plan: DocumentPlan): Promise<DocumentRun>
}
