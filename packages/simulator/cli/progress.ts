/** How far long work has come, on stderr: a bar on a terminal, a line now and then elsewhere. */

const barWidth = 30
const linePauseMs = 10_000

export interface Progress {
  /** `done` of `total` (at most), and what is worked on now. */
  update(done: number, total: number, what: string): void
  end(): void
}

export function progressOn(stream: NodeJS.WriteStream): Progress {
  let told = Date.now()
  if (!stream.isTTY) {
    return {
      update: (done, total, what) => {
        if (Date.now() - told < linePauseMs) return
        told = Date.now()
        stream.write(`${done} of ${total}, ${what}\n`)
      },
      end: () => undefined,
    }
  }
  return {
    update: (done, total, what) => {
      const filled = Math.round((barWidth * done) / Math.max(1, total))
      const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled)
      stream.write(`\r\u001b[K${bar} ${done} of ${total}, ${what}`)
    },
    end: () => stream.write('\r\u001b[K'),
  }
}
