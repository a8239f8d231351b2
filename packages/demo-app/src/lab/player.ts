/** Has a run played by a worker and keeps what comes back. Knows workers; does not know how a run is shown. */
import type { Order, Report } from './lab-message.ts'
import type { Recording } from './recording.ts'
import { append, emptyRecording } from './recording.ts'

export interface PlayerEvents {
  readonly grew: () => void
  /** The worker died: out of memory, or a bug of ours. */
  readonly failed: (why: string) => void
}

export interface Player {
  readonly recording: Recording
  /** Begins another run; what the one before still reports is dropped. */
  play(order: Order): void
  stop(): void
}

export function createPlayer({ grew, failed }: PlayerEvents): Player {
  let recording = emptyRecording()
  let worker: Worker | undefined
  const stop = (): void => {
    worker?.terminate()
    worker = undefined
  }
  const hear = (report: Report): void => {
    switch (report.type) {
      case 'shots':
        append(recording, report.shots)
        return grew()
      case 'ended':
        recording.ending = report.ending
        stop()
        return grew()
      case 'wrong':
        stop()
        return failed(report.why)
    }
  }
  return {
    get recording() {
      return recording
    },
    play(order) {
      stop()
      recording = emptyRecording()
      worker = new Worker(new URL('./lab-worker.ts', import.meta.url), { type: 'module' })
      worker.addEventListener('message', ({ data }: MessageEvent<Report>) => hear(data))
      worker.addEventListener('error', ({ message }) => {
        stop()
        failed(message)
      })
      worker.postMessage(order)
    },
    stop,
  }
}
