/**
 * Every bound of the mesh and its reason. Knows numbers only. What is fixed by the wire is a constant; what an
 * application may choose is in `MeshLimits`.
 */

/** Data channels of every browser carry 16 KiB whole; larger messages interoperate badly and bring no speed. */
export const packetBytesMax: number = 16 * 1024

/**
 * Bytes of every part of a message but its last. Bounds how many pieces a peer can make us keep for one message, and
 * how much larger than their content the buffers are that they were cut from.
 */
export const partBytesMin = 1024

/** Of a signal that members pass on: a description of 3 KiB and its seal, four times over. */
export const sealedBytesMax: number = 12 * 1024

/** A secret that a peer is told: 256 characters of whatever kind. */
export const secretBytesMax = 1024

/** Peers that one member may say it has links with: as many as a mesh has at most. */
export const announcedMax = 64

/** Members that pass a signal on behind the first; a strongly connected mesh of nine is hardly wider. */
export const relayTtl = 4

/** Signals of one neighbour that are passed on at once, and then one in so many milliseconds: a room of 16 that forms. */
export const relayPace: { readonly burst: number; readonly everyMs: number } = {
  burst: 512,
  everyMs: 10,
}

/** A link that its mesh does not need is kept this long: whoever made it may need it, and says so at once. */
export const restAfterMs = 5000

/** Signals that were passed on; one that comes again within so many others came by another way. */
export const relayedMax = 2048

/** All bounds of one mesh. Times in milliseconds, sizes in bytes. */
export interface MeshLimits {
  /** Largest message that is sent or put together. Default 8 MiB: a snapshot chunk is far smaller. */
  readonly messageBytesMax: number
  /** Queue of control messages of one link. Default 256 KiB. A message that finds it empty always fits. */
  readonly controlQueueBytesMax: number
  /** Queue of data messages of one link. Default 4 MiB. A message that finds it empty always fits. */
  readonly dataQueueBytesMax: number
  /** Stop handing packets to a channel that holds this much. Default 256 KiB: 25 ms at the 10 MB/s of a fast link. */
  readonly windowHighBytes: number
  /** Go on when it holds no more than this. Default 64 KiB. */
  readonly windowLowBytes: number
  /** What a channel may hold at most, even of good-byes: far below the 16 MiB where browsers close it. Default 1 MiB. */
  readonly channelBytesMax: number
  /** Messages of one link that are in pieces at a time. Default 4; an honest peer needs one per class. */
  readonly partialMessagesMax: number
  /** Bytes of pieces that one link may hold. Default 16 MiB: one largest message of each class. */
  readonly reassemblyBytesMax: number
  /** Peers that one mesh links with. Default 64, what a server lets into a room; beyond about 16 a mesh is too slow. */
  readonly linksMax: number
  /** From the first signal of a generation to `up`. Default 12 s: unresolvable candidates fail without an event. */
  readonly connectMsMax: number
  /** Between two pings of an open link. Default 1 s, which hidden pages still get from their timers. */
  readonly pingEveryMs: number
  /** A link that brought nothing for so long is replaced. Default 5 s, before ICE notices anything. */
  readonly silenceMsMax: number
  /** A timer of ours that came later than this says that we were suspended, not that the peer is dead. Default 2 s. */
  readonly lateTimerMsMax: number
  /** From a server's word that it lost a peer to asking its open link, if there still is one. Default 50 ms. */
  readonly doubtMs: number
  /** How long a probe waits at least; otherwise four round trips. Default 1 s. */
  readonly probeMsMin: number
  /** Before the first retry of a failed link or server, halved or not by jitter. Default 250. */
  readonly retryMsMin: number
  /** Before any later retry, at most. Default 10 s. */
  readonly retryMsMax: number
  /**
   * Before a retry of a link that seems hopeless, at most: 3 offers in a row without an answer, or 8 failures of any
   * kind. Default 60 s: peer connections are few, and a frozen page may be in the room for hours.
   */
  readonly hopelessRetryMs: number
  /** A link that was open for so long has proved itself: its next failure counts as the first. Default 5 s. */
  readonly stableAfterMs: number
  /** Peer connections that may be made at once. Default 64: Chrome allows 500 in the life of a process. */
  readonly connectionsBurst: number
  /** After the burst, one peer connection in so many ms. Default 2 s. */
  readonly connectionEveryMs: number
  /** ICE candidates that one generation takes from its peer. Default 64. */
  readonly candidatesMax: number
  /** How long a server may keep those listed after it from deciding the join order. Default 3 s. */
  readonly serverPatienceMs: number
  /** From dialling a server to its `joined`. Default 10 s. */
  readonly serverAnswerMsMax: number
  /** Between two pings of a server; one that leaves two unanswered is left. Default 15 s. */
  readonly serverPingEveryMs: number
}

/** For a group of a few browsers; `limits` of the options overrides them one by one. */
export const defaultLimits: MeshLimits = {
  messageBytesMax: 8 * 1024 * 1024,
  controlQueueBytesMax: 256 * 1024,
  dataQueueBytesMax: 4 * 1024 * 1024,
  windowHighBytes: 256 * 1024,
  windowLowBytes: 64 * 1024,
  channelBytesMax: 1024 * 1024,
  partialMessagesMax: 4,
  reassemblyBytesMax: 16 * 1024 * 1024,
  linksMax: 64,
  connectMsMax: 12_000,
  pingEveryMs: 1000,
  silenceMsMax: 5000,
  lateTimerMsMax: 2000,
  doubtMs: 50,
  probeMsMin: 1000,
  retryMsMin: 250,
  retryMsMax: 10_000,
  hopelessRetryMs: 60_000,
  stableAfterMs: 5000,
  connectionsBurst: 64,
  connectionEveryMs: 2000,
  candidatesMax: 64,
  serverPatienceMs: 3000,
  serverAnswerMsMax: 10_000,
  serverPingEveryMs: 15_000,
}

/** The application passed options that no mesh can work with. */
export class MeshOptionsError extends Error {
  override readonly name = 'MeshOptionsError'
  readonly code = 'mesh-options'
}

/** Pairs of which the first may not exceed the second. */
const ordered: readonly (readonly [keyof MeshLimits, keyof MeshLimits])[] = [
  ['windowLowBytes', 'windowHighBytes'],
  ['windowHighBytes', 'channelBytesMax'],
  ['messageBytesMax', 'reassemblyBytesMax'],
  ['retryMsMin', 'retryMsMax'],
  ['retryMsMax', 'hopelessRetryMs'],
  ['pingEveryMs', 'silenceMsMax'],
  ['probeMsMin', 'silenceMsMax'],
]

/** A part says its place in 16 bits. */
const messageBytesMost: number = 0xffff * partBytesMin

/** The defaults with `chosen` on top. @throws MeshOptionsError on a number that cannot work. */
export function meshLimits(chosen: Partial<MeshLimits> = {}): MeshLimits {
  const limits: MeshLimits = { ...defaultLimits, ...chosen }
  for (const [name, value] of Object.entries(limits)) {
    if (!Number.isSafeInteger(value) || Number(value) <= 0) {
      throw new MeshOptionsError(`limits.${name} is ${String(value)}; give a positive integer.`)
    }
  }
  for (const [less, more] of ordered) {
    if (limits[less] > limits[more]) {
      throw new MeshOptionsError(`limits.${less} is above limits.${more}; lower it or raise that.`)
    }
  }
  if (limits.messageBytesMax > messageBytesMost) {
    throw new MeshOptionsError(
      `limits.messageBytesMax is above what the wire can number, ${messageBytesMost} bytes; lower it.`,
    )
  }
  return limits
}
