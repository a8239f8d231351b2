/** What `cluster.lossy` asks of every link. */
export interface Lossiness {
  /** The share of messages that are lost, 0 to 1. */
  readonly drop?: number
  /** Each message is held back between so many milliseconds. */
  readonly delayMs?: readonly [min: number, max: number]
  /** The share of messages that arrive twice, 0 to 1. */
  readonly duplicate?: number
  /** True: one message in ten changes places with the next. */
  readonly reorder?: boolean
}
