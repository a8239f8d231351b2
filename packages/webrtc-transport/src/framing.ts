/**
 * Bytes of one data-channel message (a packet) to frames and back, as WIRE.md says. The trust boundary of a link: never
 * throws, reads no length that it has not checked, allocates nothing by a number that came from the peer. Knows neither
 * order nor state of a link.
 */
import type { Priority, ReplicaId } from '@unanimous/core'
import { fromHex, toHex } from './hex.ts'
import { announcedMax, packetBytesMax, sealedBytesMax, secretBytesMax } from './limits.ts'

/** First byte of every packet: `U`. */
export const packetMagic = 0x55
/** Second byte. Another layout of frames is another number; these two bytes never change their place. */
export const packetLayout = 2

export const packetHeadBytes = 2
export const frameHeadBytes = 3
export const partHeadBytes = 8
/** Largest message that travels in one piece. */
export const wholeBytesMax: number = packetBytesMax - packetHeadBytes - frameHeadBytes
/** Size of every part that we send but the last: a part fills its packet. */
export const partBytes: number = wholeBytesMax - partHeadBytes

const kinds = {
  hello: 0x01,
  proof: 0x02,
  ping: 0x03,
  pong: 0x04,
  bye: 0x05,
  relay: 0x06,
  peers: 0x07,
  secret: 0x08,
  controlWhole: 0x10,
  dataWhole: 0x11,
  controlPart: 0x12,
  dataPart: 0x13,
} as const

export const nonceBytes = 16
const publicKeyBytes = 32
const helloBytes: number = 4 + publicKeyBytes + nonceBytes
const proofFrameBytes = 32
const numberBytes = 4
const idBytes = 16
const relayHeadBytes: number = 1 + 2 * idBytes

/** Frames of the link itself have one length each. */
const linkFrameBytes: ReadonlyMap<number, number> = new Map([
  [kinds.hello, helloBytes],
  [kinds.proof, proofFrameBytes],
  [kinds.ping, numberBytes],
  [kinds.pong, numberBytes],
  [kinds.bye, 1],
])

/** Why a peer ends a link, by its number on the wire. A number we do not know reads as `failed`. */
export const byeReasons = [
  'leaving',
  'wire-version',
  'identity',
  'garbage',
  'failed',
  'proof',
  'resting',
  'secret',
] as const
export type ByeReason = (typeof byeReasons)[number]

/** Which wire, whose key (its hash is who speaks), and 16 bytes of chance, drawn anew for each generation. */
export interface Hello {
  readonly kind: 'hello'
  readonly wireVersion: number
  readonly publicKey: Uint8Array
  readonly nonce: Uint8Array
}

/** "I know the secrets, and both hellos": see link-proof.ts. */
export interface Proof {
  readonly kind: 'proof'
  readonly mac: Uint8Array
}

/** "Answer with this number." Sent by both ends of an open link. */
export interface PingFrame {
  readonly kind: 'ping'
  readonly number: number
}

export interface PongFrame {
  readonly kind: 'pong'
  readonly number: number
}

/** The last frame of a link: what comes after it says nothing. */
export interface Bye {
  readonly kind: 'bye'
  readonly reason: ByeReason
}

/** A message in one piece. */
export interface Whole {
  readonly kind: 'whole'
  readonly priority: Priority
  readonly bytes: Uint8Array
}

/** A piece of a message: part `index` of `total`. Those of one message come in order. */
export interface Part {
  readonly kind: 'part'
  readonly priority: Priority
  readonly id: number
  readonly index: number
  readonly total: number
  readonly bytes: Uint8Array
}

/** A sealed signal that members pass on. */
export interface Relay {
  readonly kind: 'relay'
  /** How many more members may pass it on. */
  readonly ttl: number
  readonly from: ReplicaId
  readonly to: ReplicaId
  readonly sealed: Uint8Array
}

/** "With these I have links." */
export interface Peers {
  readonly kind: 'peers'
  readonly peers: readonly ReplicaId[]
}

/** "The group goes by this secret now." */
export interface SecretFrame {
  readonly kind: 'secret'
  readonly text: string
}

/** What the post of a mesh carries. */
export type PostFrame = Relay | Peers
export type MeshFrame = PostFrame | SecretFrame
export type LinkFrame = Hello | Proof | PingFrame | PongFrame | Bye | MeshFrame
export type Frame = LinkFrame | Whole | Part

/** Why bytes are not a packet. */
export type PacketFault =
  'packet-size' | 'magic' | 'layout' | 'truncated' | 'unknown-kind' | 'frame-size' | 'part-place'

export type ParsedPacket =
  | { readonly ok: true; readonly frames: readonly Frame[] }
  | { readonly ok: false; readonly why: PacketFault }

const refused = (why: PacketFault): ParsedPacket => ({ ok: false, why })

/** All frames of a packet, or none. The bytes of messages are views into `packet`. */
export function parsePacket(packet: Uint8Array): ParsedPacket {
  if (packet.length <= packetHeadBytes || packet.length > packetBytesMax) {
    return refused('packet-size')
  }
  if (packet[0] !== packetMagic) return refused('magic')
  if (packet[1] !== packetLayout) return refused('layout')
  const frames: Frame[] = []
  let at = packetHeadBytes
  while (at < packet.length) {
    if (packet.length - at < frameHeadBytes) return refused('truncated')
    const length = readU16(packet, at + 1)
    const end = at + frameHeadBytes + length
    if (end > packet.length) return refused('truncated')
    const frame = parseFrame(packet[at] ?? 0, packet.subarray(at + frameHeadBytes, end))
    if (typeof frame === 'string') return refused(frame)
    frames.push(frame)
    at = end
  }
  return { ok: true, frames }
}

function parseFrame(kind: number, payload: Uint8Array): Frame | PacketFault {
  switch (kind) {
    case kinds.dataWhole:
      return { kind: 'whole', priority: 'data', bytes: payload }
    case kinds.controlWhole:
      return { kind: 'whole', priority: 'control', bytes: payload }
    case kinds.dataPart:
      return parsePart('data', payload)
    case kinds.controlPart:
      return parsePart('control', payload)
    case kinds.relay:
      return parseRelay(payload)
    case kinds.peers:
      return parsePeers(payload)
    case kinds.secret:
      return parseSecret(payload)
    default:
      return parseLinkFrame(kind, payload)
  }
}

function parseLinkFrame(kind: number, payload: Uint8Array): Frame | PacketFault {
  const size = linkFrameBytes.get(kind)
  if (size === undefined) return 'unknown-kind'
  if (payload.length !== size) return 'frame-size'
  switch (kind) {
    case kinds.hello:
      return parseHello(payload)
    case kinds.proof:
      return { kind: 'proof', mac: payload.slice() }
    case kinds.ping:
      return { kind: 'ping', number: readU32(payload, 0) }
    case kinds.pong:
      return { kind: 'pong', number: readU32(payload, 0) }
    default:
      return { kind: 'bye', reason: byeReasons[payload[0] ?? 0] ?? 'failed' }
  }
}

function parseHello(payload: Uint8Array): Hello {
  return {
    kind: 'hello',
    wireVersion: readU32(payload, 0),
    publicKey: payload.slice(4, 4 + publicKeyBytes),
    nonce: payload.slice(4 + publicKeyBytes),
  }
}

function parseRelay(payload: Uint8Array): Relay | PacketFault {
  const sealed = payload.slice(relayHeadBytes)
  if (sealed.length === 0 || sealed.length > sealedBytesMax) return 'frame-size'
  const from = idAt(payload, 1)
  return { kind: 'relay', ttl: payload[0] ?? 0, from, to: idAt(payload, 1 + idBytes), sealed }
}

function parsePeers(payload: Uint8Array): Peers | PacketFault {
  const count = payload.length / idBytes
  if (!Number.isInteger(count) || count > announcedMax) return 'frame-size'
  const peers = Array.from({ length: count }, (_, at) => idAt(payload, at * idBytes))
  return { kind: 'peers', peers }
}

function parseSecret(payload: Uint8Array): SecretFrame | PacketFault {
  if (payload.length === 0 || payload.length > secretBytesMax) return 'frame-size'
  return { kind: 'secret', text: new TextDecoder().decode(payload) }
}

/** Sixteen bytes in lowercase hex are a replica id whatever they are. */
const idAt = (from: Uint8Array, at: number): ReplicaId =>
  toHex(from.subarray(at, at + idBytes)) as ReplicaId

function parsePart(priority: Priority, payload: Uint8Array): Part | PacketFault {
  if (payload.length <= partHeadBytes) return 'frame-size'
  const index = readU16(payload, 4)
  const total = readU16(payload, 6)
  if (total < 2 || index >= total) return 'part-place'
  const bytes = payload.subarray(partHeadBytes)
  return { kind: 'part', priority, id: readU32(payload, 0), index, total, bytes }
}

/** Writes the two bytes that begin a packet; returns where the first frame goes. */
export function beginPacket(into: Uint8Array): number {
  into[0] = packetMagic
  into[1] = packetLayout
  return packetHeadBytes
}

/** Writes a frame of the link itself at `at`; returns its end. `into` has room for it. */
export function writeLinkFrame(into: Uint8Array, at: number, frame: LinkFrame): number {
  const start = at + frameHeadBytes
  const end = writeLinkPayload(into, start, frame)
  writeHead(into, at, kinds[frame.kind], end - start)
  return end
}

function writeLinkPayload(into: Uint8Array, at: number, frame: LinkFrame): number {
  switch (frame.kind) {
    case 'hello':
      writeU32(into, at, frame.wireVersion)
      into.set(frame.publicKey, at + 4)
      into.set(frame.nonce, at + 4 + publicKeyBytes)
      return at + helloBytes
    case 'proof':
      into.set(frame.mac, at)
      return at + proofFrameBytes
    case 'ping':
    case 'pong':
      writeU32(into, at, frame.number)
      return at + numberBytes
    case 'bye':
      into[at] = byeReasons.indexOf(frame.reason)
      return at + 1
    case 'relay':
      into[at] = frame.ttl
      into.set(fromHex(frame.from), at + 1)
      into.set(fromHex(frame.to), at + 1 + idBytes)
      into.set(frame.sealed, at + relayHeadBytes)
      return at + relayHeadBytes + frame.sealed.length
    case 'peers':
      frame.peers.forEach((peer, index) => into.set(fromHex(peer), at + index * idBytes))
      return at + frame.peers.length * idBytes
    case 'secret': {
      const bytes = new TextEncoder().encode(frame.text)
      into.set(bytes, at)
      return at + bytes.length
    }
  }
}

function payloadBytesMax(frame: LinkFrame): number {
  if (frame.kind === 'relay') return relayHeadBytes + frame.sealed.length
  if (frame.kind === 'secret') return secretBytesMax
  return frame.kind === 'peers' ? frame.peers.length * idBytes : helloBytes
}

/** A packet with one frame of the link itself. */
export function linkPacket(frame: LinkFrame): Uint8Array {
  const packet = new Uint8Array(packetHeadBytes + frameHeadBytes + payloadBytesMax(frame))
  return packet.subarray(0, writeLinkFrame(packet, beginPacket(packet), frame))
}

/** Writes a message in one piece at `at`; returns its end. `into` has room for it. */
export function writeWhole(
  into: Uint8Array,
  at: number,
  priority: Priority,
  bytes: Uint8Array,
): number {
  writeHead(into, at, priority === 'control' ? kinds.controlWhole : kinds.dataWhole, bytes.length)
  into.set(bytes, at + frameHeadBytes)
  return at + frameHeadBytes + bytes.length
}

/** Writes a part at `at`; returns its end. `into` has room for it. */
export function writePart(into: Uint8Array, at: number, part: Omit<Part, 'kind'>): number {
  const length = partHeadBytes + part.bytes.length
  const kind = part.priority === 'control' ? kinds.controlPart : kinds.dataPart
  writeHead(into, at, kind, length)
  const start = at + frameHeadBytes
  writeU32(into, start, part.id)
  writeU16(into, start + 4, part.index)
  writeU16(into, start + 6, part.total)
  into.set(part.bytes, start + partHeadBytes)
  return start + length
}

function writeHead(into: Uint8Array, at: number, kind: number, length: number): void {
  into[at] = kind
  writeU16(into, at + 1, length)
}

function writeU16(into: Uint8Array, at: number, value: number): void {
  into[at] = value >>> 8
  into[at + 1] = value
}

function writeU32(into: Uint8Array, at: number, value: number): void {
  writeU16(into, at, value >>> 16)
  writeU16(into, at + 2, value & 0xffff)
}

function readU16(from: Uint8Array, at: number): number {
  return (from[at] ?? 0) * 0x100 + (from[at + 1] ?? 0)
}

function readU32(from: Uint8Array, at: number): number {
  return readU16(from, at) * 0x10000 + readU16(from, at + 2)
}
