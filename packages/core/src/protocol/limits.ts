/** Every bound of the protocol, with its reason. */
import { assert } from '../base/assert.ts'

/** One command. Beyond it, put the bytes elsewhere and decide on their hash: a log is no file store. */
export const commandBytesMax: number = 64 * 1024
/** Entries in one message: a sixteenth of a second of a slow link (4 MB/s), so that nothing waits long behind it. */
export const batchBytesMax: number = 256 * 1024
/** Entries of one message, so that a batch of empty commands is bounded too. */
export const batchEntriesMax = 8192
/** Unacknowledged entries on their way to one peer: twice the product of 10 MB/s and 12 ms. */
export const windowBytesMax: number = 256 * 1024
/** With something in flight, less than this waits for the acknowledgement and leaves as one message. */
export const coalesceBytes: number = 16 * 1024
/** A tab's own proposals that are not yet known to be decided. */
export const proposalsMax = 4096
export const proposalBytesMax: number = 4 * 1024 * 1024
/** After so many entries the states of the applications are compared: a hash of a megabyte takes some ten milliseconds. */
export const fingerprintEntries = 1000
/** A tab's reads that wait. */
export const readsMax = 4096
/** Questions of other stores for a read index that wait at a leader: each store has few, since one covers all its reads. */
export const askersMax = 1024
/** A read index that does not come is asked for again. */
export const readAgainMs = 500
/** What a leader holds that is appended but not decided, or waits to be appended. */
export const undecidedBytesMax: number = 16 * 1024 * 1024
/** A configuration: quorums of more voters only cost round trips. */
export const votersMax = 9
/** Links that a frame may take from its source to its destination: the longest chain of voters. */
export const hopsMax = 8
/** Links of one replica, and so the peers that it remembers. */
export const peersMax = 64
/** Stores that a leader feeds besides the voters. */
export const standbysMax = 12
/** The name of a room, in UTF-16 units: it travels in every join and welcome. */
export const roomLengthMax = 128
/** The name of a browser profile: 128 bits of chance in hexadecimal. */
export const profileLengthMax = 32
/** What a member shows of itself: a name, a cursor, a selection. What is larger belongs into a document. */
export const presenceBytesMax = 4096
/** How often a member may say so: a cursor at 20 a second, and some that come at once because they were on their way. */
export const presencePerSecond = 40
export const presenceBurst = 40

/** A beacon's period, visible and hidden, in milliseconds. */
export const beaconVisibleMs = 250
export const beaconHiddenMs = 1000
/** What lateness of a beacon is forgiven. */
export const marginMs = 100
/** Changes are told at once, but no more often than this. */
export const urgentBeaconMs = 200
/** A replica without a vote reminds the leader of itself this often. */
export const joinMs = 1000
/** Two groups in one room tell each other no more often than this. */
export const conflictPauseMs = 10_000
/** Rounds without a decision after which a leader doubts itself. */
export const stallRounds = 4
/** A proposal that was forwarded and not heard of again is forwarded once more. */
export const resendMs = 2000
/** Configurations change no faster than this. */
export const configPauseMs = 2000
/** After a change no voter is taken out against its will before this: a change shakes links and timers. */
export const involuntaryPauseMs = 10_000
/** A voter that was down this long is swapped for a synced standby. */
export const replaceAfterMs = 30_000
/** One that was down this long is taken out though nobody takes its place, if a spare is left. */
export const removeAfterMs = 300_000
/** Who closed its page may be reloading it: it is awaited this long. */
export const returnMs = 3000
/** How long a standby proves itself once there are three voters. */
export const standbyStableMs = 10_000
/** A straggler's higher promise is met by the leader after this long, and this seldom. */
export const stragglerAfterMs = 5000
export const stragglerPauseMs = 30_000
/** Clocks that agree within this may move the log's time forward after an idle start. */
export const clockSkewMs = 60_000

assert(commandBytesMax <= batchBytesMax, 'a full command must fit a batch')
assert(coalesceBytes <= windowBytesMax, 'the window must let a coalesced batch through')
assert(
  proposalBytesMax <= undecidedBytesMax,
  'a leader must be able to take what one tab may propose',
)
