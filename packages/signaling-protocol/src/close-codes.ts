/**
 * Why a server closed a WebSocket. Standard codes where one fits, 4000 and above for the rest (modelled on the HTTP
 * status of the same meaning). Knows no socket.
 */

/**
 * What a client should do after a close. `soon`: connect again with the usual back-off. `later`: the server is short of
 * room, so back off further. `never`: the same client would only be refused again.
 */
export type ReconnectAdvice = 'soon' | 'later' | 'never'

/** One close code: its number, what the client should do, and the reason that the close frame carries. */
export interface CloseMeaning {
  readonly code: number
  readonly reconnect: ReconnectAdvice
  readonly sentence: string
}

/** Every close code of this wire, by name. 4000 and above are ours. */
export const closeMeanings = {
  'going-away': { code: 1001, reconnect: 'soon', sentence: 'The server stops.' },
  'bad-frame': {
    code: 1002,
    reconnect: 'never',
    sentence: 'A frame broke the WebSocket protocol.',
  },
  binary: { code: 1003, reconnect: 'never', sentence: 'A binary frame came; the wire is text.' },
  'bad-text': { code: 1007, reconnect: 'never', sentence: 'A text frame was not UTF-8.' },
  fragmented: { code: 1008, reconnect: 'never', sentence: 'A message came in too many pieces.' },
  'too-large': { code: 1009, reconnect: 'never', sentence: 'A message was over 32 KiB.' },
  internal: { code: 1011, reconnect: 'later', sentence: 'The server made a mistake.' },
  restart: { code: 1012, reconnect: 'soon', sentence: 'The server restarts.' },
  'bad-json': { code: 4400, reconnect: 'never', sentence: 'A message was not JSON.' },
  'bad-message': { code: 4422, reconnect: 'never', sentence: 'A message was not of this wire.' },
  'unsupported-version': {
    code: 4426,
    reconnect: 'never',
    sentence: 'The server speaks another version of the wire.',
  },
  'join-timeout': { code: 4408, reconnect: 'soon', sentence: 'No join came in time.' },
  replaced: {
    code: 4409,
    reconnect: 'never',
    sentence: 'The same peer joined on a newer socket; connecting again would only take turns.',
  },
  'slow-reader': { code: 4413, reconnect: 'soon', sentence: 'Unread messages piled up.' },
  'rate-limited': { code: 4429, reconnect: 'later', sentence: 'Too many messages.' },
  'room-full': { code: 4503, reconnect: 'later', sentence: 'The room is full.' },
  'server-full': { code: 4507, reconnect: 'later', sentence: 'The server has no room left.' },
} as const

/** The name of a close code: a key of `closeMeanings`. */
export type CloseName = keyof typeof closeMeanings
/** A close code of this wire, as a number. */
export type CloseCode = (typeof closeMeanings)[CloseName]['code']

const namesByCode: ReadonlyMap<number, CloseName> = new Map(
  Object.entries(closeMeanings).map(([name, meaning]) => [meaning.code, name as CloseName]),
)

/** The name of a close code of this wire; `undefined` for any other, such as 1006 (the connection broke). */
export function closeName(code: number): CloseName | undefined {
  return namesByCode.get(code)
}

/** What to do after a close. A code we do not know, a broken connection above all, means `soon`. */
export function reconnectAdvice(code: number): ReconnectAdvice {
  const name = closeName(code)
  return name === undefined ? 'soon' : closeMeanings[name].reconnect
}
