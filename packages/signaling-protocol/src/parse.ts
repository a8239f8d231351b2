/**
 * Text from the other end to a message or a reason; the trust boundary of both ends. Never throws, never looks into
 * `data`, and reports reasons that contain nothing of what was received. Exact keys: a key that the version does not
 * define is refused, because a field that one side sends and the other silently drops is a bug that nobody sees; a
 * new field is a new version.
 */

import { isErrorCode } from './error-codes.ts'
import { utf8Bytes } from './encode.ts'
import {
  clientTextBytesMax,
  errorMessageLengthMax,
  peersListedMax,
  reconnectAfterMsMax,
  serverTextBytesMax,
  signalDataBytesMax,
  signalingVersion,
} from './limits.ts'
import { closingReasons, leaveReasons } from './message.ts'
import type { ClientMessage, ServerMessage } from './message.ts'
import { isPeerId, isRoomName } from './names.ts'

/** A subset of the error codes: the server answers a refused text with the code as it stands. */
export type ParseFailureCode = 'too-large' | 'bad-json' | 'bad-message' | 'unsupported-version'

/** Why a text is no message. */
export interface ParseFailure {
  readonly ok: false
  readonly code: ParseFailureCode
  /** For a log or a test: which rule was broken. Holds nothing that came from the other end. */
  readonly why: string
}

/** What a server makes of a text. */
export type ParsedClientMessage =
  { readonly ok: true; readonly message: ClientMessage } | ParseFailure
/** What a client makes of a text. */
export type ParsedServerMessage =
  { readonly ok: true; readonly message: ServerMessage } | ParseFailure

/** For the server: one text frame to a message or a reason. Never throws. */
export function parseClientMessage(text: string): ParsedClientMessage {
  return parse(text, clientShapes, clientTextBytesMax)
}

/** For the client: one text frame to a message or a reason. Never throws. */
export function parseServerMessage(text: string): ParsedServerMessage {
  return parse(text, serverShapes, serverTextBytesMax)
}

type Check = (value: unknown) => boolean

/** Which keys a message has besides `type`, and what each may hold. */
interface Shape {
  readonly required: ReadonlyMap<string, Check>
  readonly optional: ReadonlyMap<string, Check>
}

/** Maps, not objects: a type called `constructor` or `__proto__` must find nothing. */
type Shapes<M extends { readonly type: string }> = ReadonlyMap<M['type'], Shape>

function shape(required: Record<string, Check>, optional: Record<string, Check> = {}): Shape {
  return {
    required: new Map(Object.entries(required)),
    optional: new Map(Object.entries(optional)),
  }
}

const isVersion: Check = (value) => value === signalingVersion
const isData: Check = (value) =>
  typeof value === 'string' && value.length >= 1 && value.length <= signalDataBytesMax
const isPeerList: Check = (value) =>
  Array.isArray(value) &&
  value.length <= peersListedMax &&
  value.every(isPeerId) &&
  new Set(value).size === value.length
const isErrorSentence: Check = (value) =>
  typeof value === 'string' && value.length <= errorMessageLengthMax
const isDelay: Check = (value) =>
  typeof value === 'number' &&
  Number.isSafeInteger(value) &&
  value >= 0 &&
  value <= reconnectAfterMsMax
const isOneOf =
  (words: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && words.includes(value)

const clientShapes: Shapes<ClientMessage> = new Map([
  ['join', shape({ v: isVersion, room: isRoomName, peer: isPeerId })],
  ['leave', shape({})],
  ['signal', shape({ to: isPeerId, data: isData })],
  ['ping', shape({})],
] as const)

const serverShapes: Shapes<ServerMessage> = new Map([
  ['joined', shape({ v: isVersion, peers: isPeerList })],
  ['peer-joined', shape({ peer: isPeerId })],
  ['peer-left', shape({ peer: isPeerId, why: isOneOf(leaveReasons) })],
  ['signal', shape({ from: isPeerId, data: isData })],
  ['pong', shape({})],
  ['error', shape({ code: isErrorCode, message: isErrorSentence }, { peer: isPeerId })],
  ['closing', shape({ why: isOneOf(closingReasons), reconnectAfterMs: isDelay })],
] as const)

function parse<M extends { readonly type: string }>(
  text: string,
  shapes: Shapes<M>,
  bytesMax: number,
): { readonly ok: true; readonly message: M } | ParseFailure {
  // The length is a lower bound of the bytes: most giants are refused without being counted.
  if (text.length > bytesMax || utf8Bytes(text) > bytesMax) {
    return refuse('too-large', `the text is over ${bytesMax} bytes`)
  }
  const json = parseJson(text)
  if (!json.ok) return json
  const value = json.value
  if (!isRecord(value)) return refuse('bad-message', 'the text is JSON but not an object')
  const type = own(value, 'type')
  const known = [...shapes].find(([name]) => name === type)
  if (known === undefined) return refuse('bad-message', 'the type is missing or unknown')
  const broken = brokenRule(value, known[0], known[1])
  // Every key was checked against the shape of the type it names: this is the one place where JSON becomes a message.
  return broken ?? { ok: true, message: value as unknown as M }
}

function brokenRule(
  value: Readonly<Record<string, unknown>>,
  type: string,
  { required, optional }: Shape,
): ParseFailure | undefined {
  if (required.has('v')) {
    // Before all other keys: another version may have other ones, and "update" is the useful answer.
    const version = own(value, 'v')
    if (typeof version === 'number' && version !== signalingVersion) {
      return refuse('unsupported-version', `the version of "${type}" is not ${signalingVersion}`)
    }
  }
  for (const [key, check] of required) {
    if (!Object.hasOwn(value, key)) return refuse('bad-message', `"${type}" lacks "${key}"`)
    if (!check(value[key])) return refuse('bad-message', `"${key}" of "${type}" is out of bounds`)
  }
  for (const key of Object.keys(value)) {
    if (key === 'type' || required.has(key)) continue
    const check = optional.get(key)
    if (check === undefined) return refuse('bad-message', `"${type}" has a key too many`)
    if (!check(value[key])) return refuse('bad-message', `"${key}" of "${type}" is out of bounds`)
  }
  return undefined
}

function parseJson(text: string): { readonly ok: true; readonly value: unknown } | ParseFailure {
  try {
    return { ok: true, value: JSON.parse(text) as unknown }
  } catch {
    // The engine's message quotes the text, so it is not passed on.
    return refuse('bad-json', 'the text is not JSON')
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function own(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined
}

function refuse(code: ParseFailureCode, why: string): ParseFailure {
  return { ok: false, code, why }
}
