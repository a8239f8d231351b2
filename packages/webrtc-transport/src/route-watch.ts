/** Keeps asking a channel by which way it goes, seldom. Knows no link. */
import type { LinkChannel } from './link-channel.ts'
import type { LinkRoute } from './link-route.ts'

/** Ways change seldom, mostly soon after the beginning; each question costs the browser a millisecond. */
const everyAnswers = 15

export class RouteWatch {
  readonly #channel: Pick<LinkChannel, 'route'>
  readonly #changed: () => void
  #answersLeft = everyAnswers
  /** As it was when that was last asked for; undefined until then, or where the platform does not say. */
  route: LinkRoute | undefined

  constructor(channel: Pick<LinkChannel, 'route'>, changed: () => void) {
    this.#channel = channel
    this.#changed = changed
  }

  async ask(): Promise<void> {
    this.#answersLeft = everyAnswers
    this.route = await this.#channel.route()
    this.#changed()
  }

  /** The other end answered a ping. */
  answered(): void {
    this.#answersLeft -= 1
    if (this.#answersLeft === 0) void this.ask()
  }
}
