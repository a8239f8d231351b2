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
/** What the log may weigh beyond the newest snapshot, before the next; it is kept from the one before, so twice of it, and less than 2 MiB. */
export const logBytesDefault: number = 960 * 1024
/** What an entry costs on a disk beside its own bytes, when it is the only one of its record. */
export const entryOverheadBytes = 160
/** The state of an application: what is larger is not stored, and its log kept whole. */
export const snapshotBytesMax: number = 16 * 1024 * 1024
/** Who cannot sum up its state asks somebody for a snapshot this often, and gives up on who sends no piece for so long. */
export const borrowMs = 5000
/** Sessions whose commands are told from repetitions: a morning of reloads of a large room, and some hundred kilobytes. */
export const sessionsKeptMax = 1000
/** A session that was not used for so long, by the log's own time, is forgotten: who asks again later than this is told so. */
export const sessionIdleMs: number = 60 * 60 * 1000
/**
 * Commands of one session that are on their way: from the first that is not answered yet, a leader is handed so many. A round
 * trip of 100 ms lets 10,240 a second through; the others wait in their tab.
 */
export const sessionWindow = 1024
/** What is read back of sessions at most: they were not bounded once. */
export const sessionsMax = 65_536
export const sessionAheadMax = 65_536
/** One piece of a snapshot on its way: short enough that what decides is not kept waiting. */
export const pieceBytesMax: number = 64 * 1024
export const pieceSessionsMax = 1024
export const pieceNumbersMax = 8192
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
/** Votes that one store may hold: those of two whole configurations. */
export const votesMax = 18
/**
 * What a page that closes sends along of its log. A browser sends some 11 KiB on a channel before it needs an answer, and
 * the same entries may be on their way to the heir already.
 */
export const bequestTailBytesMax: number = 5 * 1024
/** Bequests that wait for entries: of every voter. */
export const lateBequestsMax: number = votersMax
/** Stores whose bequests one store may have settled in its life. */
export const settledMax = 1024
/** Links that a frame may take from its source to its destination: the longest chain of voters. */
export const hopsMax = 8
/** Data frames of others that a relay passes on: what a fast link takes, and a burst of it; the rest waits. */
export const relayRateBytesPerMs: number = 8 * 1024
export const relayBurstBytes: number = 512 * 1024
/** Of what waits, the oldest goes first beyond this: whoever sent it sends it again, and by then needs something newer. */
export const relayWaitingBytesMax: number = 1024 * 1024
export const relayWaitingFramesMax = 1024
/** Beacons that nothing vouches for: of one store, told by one neighbour, one in this time; so many are remembered. */
export const rumourMs = 200
export const rumoursMax = 1024
/** How far back a message that takes a way through others is known to have come already. */
export const receiptsMax = 1024
/** A public key, a seal on what is relayed, and a tag on a beacon; so many members may need one. */
export const keyBytes = 32
export const sealBytes = 16
export const tagBytes = 8
export const vouchedMax = 24
/**
 * New keys that one neighbour tells of: those of a large group at once, when a link comes up, and one in this time from then
 * on. Half of what is remembered, so that who makes them up does not make us forget whoever is there.
 */
export const newKeysBurst = 32
export const newKeyMs = 1000
/** Links of one replica, and so the peers that it remembers. */
export const peersMax = 64
/** What people decided about single stores: of as many as one replica remembers. */
export const wishesMax: number = peersMax
/**
 * The stores that may be told another secret of the group, those that are away too: twice what one replica remembers of
 * peers. They are in every configuration from then on, 4 KiB at most.
 */
export const staysMax: number = 2 * peersMax
/** A drawn secret in a box: 16 bytes and their tag. */
export const boxBytes = 32
/**
 * Secrets of before that a store keeps: whoever was away while the group went over to so many others is still understood and told.
 * More than a person who is locked out makes others try.
 */
export const oldSecretsMax = 4
/** Secrets that peers told of and that the log has not confirmed yet: one of each that may be lying, and a right one. */
export const heardSecretsMax = 8
/** A secret as text, in UTF-16 units. */
export const secretLengthMax = 256
/** What a person asks of the group through one tab, and waits for: more than hands can do. */
export const asksMax = 64
/** Stores that a leader feeds besides the voters, unless an application wants more of them ready; and how many it may want. */
export const standbysDefault = 3
export const standbysMax = 12
/** Observers that one store feeds: what each more would cost it is what nobody pays for the audience of a group. */
export const treeFanOut = 3
/** Stores between a leader and the last observer, so that an entry is there after one link more: hundreds of observers, thousands. */
export const treeDepthMax = 7
/** How often members tell those whom they feed that the leader is there; each of them tells it on at once. */
export const wordMs = 1000
/** Who feeds is given up after so long without a word, and an observer that does not say that it is there after as long. */
export const feederSilentMs = 3500
/** An observer that was told of a leader within this is up to date, and one that sees others this long ahead of it looks for another feeder. */
export const observerLateMs = 5000
/** Who said no, or was of no use, is asked again after this. */
export const declinedPauseMs = 3000
/** How long an observer waits for a link to who may have room for it. */
export const seekMs = 3000
/** A tab that observes because there are enough others keeps all its links for so long: a place may become free at once. */
export const settleMs = 5000
/** An observer that may rise asks the leader this often. */
export const riseMs = 5000
/** Links that an observer without a feeder keeps to ask for one, and with one to turn to when it goes. */
export const askedMax = 2
export const readyMax = 1
/** What came does not join on: told no more often than this. */
export const againMs = 200
/** An observer says how far it is after so many bytes, so that who feeds it goes on. */
export const streamAckBytes: number = 64 * 1024
/** The name of a room, in UTF-16 units: it travels in every join and welcome. */
export const roomLengthMax = 128
/** The name of a browser profile: 128 bits of chance in hexadecimal. */
export const profileLengthMax = 32
/** What a member shows of itself: a name, a cursor, a selection. What is larger belongs into a document. */
export const presenceBytesMax = 4096
/** How often a member may say so: a cursor at 20 a second, and some that come at once because they were on their way. */
export const presencePerSecond = 40
export const presenceBurst = 40
/** What members show is passed down to observers this often, of each the newest word, and no more at once; the rest follows. */
export const sightingMs = 100
export const sightingBytesMax: number = 32 * 1024
/** What was said longer ago is not passed down any more: who is still there says it again. */
export const sightingOldMs = 10_000
/** Of so many members: more than there are voters and standbys. */
export const sightingsMax = 64

/** A beacon's period, visible and hidden, in milliseconds. */
export const beaconVisibleMs = 250
export const beaconHiddenMs = 1000
/** What lateness of a beacon is forgiven at least, and what its sender's own record of lateness may make of it. */
export const marginMs = 100
export const marginMaxMs = 2000
/** What is forgiven to whoever announced its silence. */
export const farewellMs = 1000
/** A visible page's timers fire this often; this much later than they should says that the page itself stood still. */
export const tickMs = 50
export const pauseMs = 250
/** Clocks that part by more than this say that the machine slept. */
export const sleepMs = 2000
/** How many rounds, at most, a replica that stood still takes for one. */
export const doubtMax = 7
/** From this doubt on a replica does not want to lead. */
export const quietDoubt = 3
/** A suspect answers a probe within this, or within four of its round trips. */
export const probeMs = 150
/** How often a link's round trip is measured. */
export const measureMs = 10_000
/** Classes of round trips: below 50 ms, 150 ms, 400 ms, and above. */
export const tripClassMax = 3
/** Versions of the application's machine that one page carries: more than are ever under way at once. */
export const machineVersionsMax = 16
/** A voter that was out of touch this long holds up no other version of the machine: its page is loaded anew when it is back. */
export const machineAwayMs = 60_000
/** How often a leader looks for a better one, how long that one must have been better, and the pause after handing over. */
export const evaluateMs = 10_000
export const betterForMs = 30_000
export const handOverPauseMs = 60_000
/** A leader whose page hides waits for less, and takes the lead back if nobody came for it. */
export const hiddenPauseMs = 10_000
export const handOverAbortMs = 2000
/** Changes are told at once, but no more often than this. */
export const urgentBeaconMs = 200
/** A replica without a vote reminds the leader of itself this often. */
export const joinMs = 1000
/** Two groups in one room tell each other no more often than this. */
export const conflictPauseMs = 10_000
/** A replica looks for a majority of its epoch for so long before it gives way to a later one. */
export const giveWayMs = 5000
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
/** An heir that is not needed any more is kept this long: a disk is no place for every change of mind. */
export const disarmPauseMs = 2000
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
