/** The kinds of frames of all protocols, in four classes that a drawing tells apart. Pure. */

/** `election`: who leads. `entries`: what is decided. `relayed`: through somebody else. `idle`: I am here. */
export const frameClasses = ['election', 'entries', 'relayed', 'idle'] as const

export type FrameClass = (typeof frameClasses)[number]

const classes: Readonly<Record<string, FrameClass>> = {
  prepare: 'election',
  promised: 'election',
  promise: 'election',
  nack: 'election',
  takeOver: 'election',
  requestVote: 'election',
  preVote: 'election',
  vote: 'election',
  acceptSync: 'election',
  join: 'election',
  leave: 'election',
  left: 'election',
  welcome: 'election',
  ask: 'election',
  answered: 'election',
  relayed: 'relayed',
  beacon: 'idle',
  gossip: 'idle',
  heartbeat: 'idle',
  heartbeatRequest: 'idle',
  heartbeatReply: 'idle',
}

export const classOf = (kind: string): FrameClass =>
  (Object.hasOwn(classes, kind) ? classes[kind] : undefined) ?? 'entries'
