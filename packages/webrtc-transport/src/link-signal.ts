/**
 * What two peers say to each other through a rendezvous before they have a link, as text and back. Never throws on what
 * a peer sent. Knows nothing of when it is said (link-state.ts) nor of who carries it.
 */

/** A random name of one life of a mesh: 16 hex digits. A page that was reloaded has another one. */
export type SessionId = string

/** Which generation of a link: the dialer's session and its count of generations within that session, from 1. */
export interface ConnectionId {
  readonly session: SessionId
  readonly generation: number
}

/** What a peer connection wants its other end to know; opaque but for its form. */
export type PeerSignal =
  | { readonly type: 'offer' | 'answer'; readonly sdp: string }
  | {
      readonly type: 'candidate'
      readonly candidate: {
        readonly candidate: string
        readonly sdpMLineIndex: number | null
        readonly sdpMid: string | null
      }
    }

/** From the answerer: "I have no link with you newer than generation `after` (0: none); dial." */
export interface CallSignal {
  readonly type: 'call'
  readonly session: SessionId
  /** The life of the reader that it is for; `undefined`: whichever is there, the writer has heard of none. */
  readonly to: SessionId | undefined
  readonly after: number
}

/** From either end: a signal of the peer connection of that generation. */
export interface ChannelSignal {
  readonly type: 'channel'
  readonly session: SessionId
  readonly to: SessionId | undefined
  readonly connection: ConnectionId
  readonly signal: PeerSignal
}

export type LinkSignal = CallSignal | ChannelSignal

/** Layout of this text; another number is another layout. */
const signalLayout = 2
const sessionForm = /^[0-9a-f]{16}$/
/** A data-only description is 1 to 3 KiB. */
const sdpLengthMax = 16 * 1024
/** A candidate line is about 100 characters; relayed ones with long passwords stay below 300. */
const candidateLengthMax = 1024
const midLengthMax = 64

export function writeSignal(signal: LinkSignal): string {
  return JSON.stringify({ v: signalLayout, ...signal })
}

/** `undefined` for anything that is not a signal of this layout. */
export function parseSignal(text: string): LinkSignal | undefined {
  const value = parseJson(text)
  if (!isRecord(value)) return undefined
  const session = own(value, 'session')
  if (own(value, 'v') !== signalLayout || !isSession(session)) return undefined
  const to = own(value, 'to')
  if (to !== undefined && !isSession(to)) return undefined
  switch (own(value, 'type')) {
    case 'call': {
      const after = own(value, 'after')
      return isCount(after) ? { type: 'call', session, to, after } : undefined
    }
    case 'channel': {
      const connection = connectionOf(own(value, 'connection'))
      const signal = peerSignalOf(own(value, 'signal'))
      if (connection === undefined || signal === undefined) return undefined
      return { type: 'channel', session, to, connection, signal }
    }
    default:
      return undefined
  }
}

/** The part of a peer connection's own signal that we pass on; `undefined` for renegotiation and the like. */
export function peerSignalOf(value: unknown): PeerSignal | undefined {
  if (!isRecord(value)) return undefined
  const type = own(value, 'type')
  if (type === 'offer' || type === 'answer') {
    const sdp = own(value, 'sdp')
    return isText(sdp, sdpLengthMax) ? { type, sdp } : undefined
  }
  if (type !== 'candidate') return undefined
  const inner = own(value, 'candidate')
  if (!isRecord(inner)) return undefined
  const candidate = own(inner, 'candidate')
  const sdpMLineIndex = own(inner, 'sdpMLineIndex') ?? null
  const sdpMid = own(inner, 'sdpMid') ?? null
  if (!isText(candidate, candidateLengthMax)) return undefined
  if (sdpMLineIndex !== null && !isCount(sdpMLineIndex)) return undefined
  if (sdpMid !== null && !isText(sdpMid, midLengthMax)) return undefined
  return { type, candidate: { candidate, sdpMLineIndex, sdpMid } }
}

function connectionOf(value: unknown): ConnectionId | undefined {
  if (!isRecord(value)) return undefined
  const session = own(value, 'session')
  const generation = own(value, 'generation')
  return isSession(session) && isCount(generation) && generation > 0
    ? { session, generation }
    : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON, and the engine's words about it quote the peer: nothing is worth keeping.
    return undefined
  }
}

const isSession = (value: unknown): value is SessionId =>
  typeof value === 'string' && sessionForm.test(value)

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

const isText = (value: unknown, lengthMax: number): value is string =>
  typeof value === 'string' && value.length <= lengthMax

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function own(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined
}
