/**
 * Runs one program to its end or to its time limit and keeps what it said. Knows nothing of what the program is for; never
 * goes through a shell, so an argument is always just an argument.
 */
import { spawn, type ChildProcess } from 'node:child_process'

/** What a program left behind. */
export interface Finished {
  /** The exit code; undefined when it was killed or could not be started. */
  readonly code: number | undefined
  /** What it wrote to both outputs, in order; the oldest part is missing when it wrote more than `outputCharsMax`. */
  readonly output: string
  /** True when the time limit ended it. */
  readonly timedOut: boolean
}

export interface RunOptions {
  readonly directory?: string
  /** Added to this process's environment. */
  readonly environment?: Readonly<Record<string, string>>
  readonly limitMs: number
  /** Every piece of output, as it comes. */
  readonly onOutput?: (text: string) => void
}

/** Enough for the longest report of a failing suite, and a bound all the same. */
export const outputCharsMax: number = 8 * 1024 * 1024

/** Long enough for a browser to close its children, short enough that nobody waits for it. */
const graceMs = 5_000

/** Programs under way: an interrupt of ours must reach them, for they live in process groups of their own. */
const underWay = new Set<ChildProcess>()
const onWindows = process.platform === 'win32'

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    if (onWindows) child.kill(signal)
    else process.kill(-child.pid, signal)
  } catch {
    // The group is gone already, which is what we wanted.
  }
}

function interrupt(signal: NodeJS.Signals): void {
  for (const child of underWay) signalGroup(child, signal)
  process.exit(signal === 'SIGINT' ? 130 : 143)
}

function enter(child: ChildProcess): void {
  if (underWay.size === 0) {
    process.on('SIGINT', interrupt)
    process.on('SIGTERM', interrupt)
  }
  underWay.add(child)
}

function leave(child: ChildProcess): void {
  underWay.delete(child)
  if (underWay.size > 0) return
  process.off('SIGINT', interrupt)
  process.off('SIGTERM', interrupt)
}

/** Never rejects: a program that cannot be started is one that ended without a code, and its output says why. */
export function runCommand(
  program: string,
  parameters: readonly string[],
  options: RunOptions,
): Promise<Finished> {
  return new Promise((resolve) => {
    let output = ''
    let timedOut = false
    const hear = (text: string): void => {
      output = (output + text).slice(-outputCharsMax)
      options.onOutput?.(text)
    }
    const child = spawn(program, parameters, {
      cwd: options.directory,
      env: { ...process.env, ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: !onWindows,
    })
    enter(child)
    let kill: NodeJS.Timeout | undefined
    const limit = setTimeout(() => {
      timedOut = true
      signalGroup(child, 'SIGTERM')
      kill = setTimeout(() => {
        signalGroup(child, 'SIGKILL')
      }, graceMs)
    }, options.limitMs)
    const end = (code: number | undefined): void => {
      clearTimeout(limit)
      clearTimeout(kill)
      leave(child)
      resolve({ code: timedOut ? undefined : code, output, timedOut })
    }
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8')
      stream.on('data', hear)
    }
    child.on('error', (error) => {
      hear(`${program}: ${error.message}\n`)
      end(undefined)
    })
    // `close` comes after the last output. A grandchild that keeps the pipe open past the grace is killed with its group.
    child.on('close', (code) => {
      end(code ?? undefined)
    })
  })
}

/** The line of a failed program that says why: the last that speaks of an error, not the stack below it. */
export function whyNot(finished: Finished): string {
  if (finished.timedOut) return 'it took too long'
  const lines = finished.output.split('\n').map((line) => line.trim())
  const telling = lines.findLast((line) => /\b(error|failed|unable|cannot)\b/i.test(line))
  return telling ?? lines.findLast((line) => line !== '') ?? 'it said nothing'
}
