/** Time and turns of a page. */

/** Milliseconds since 1970 with the resolution of `performance.now`. */
export const moment = (): number => performance.timeOrigin + performance.now()

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })

/** Lets everything that waits for this page's thread have its turn; no timer, which would wait longer each time. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}
