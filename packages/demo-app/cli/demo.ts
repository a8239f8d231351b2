/** The command `demo`: what it prints, and with which code it ends. The parts are in the files beside it. */
import { readArguments, usage } from './arguments.ts'
import type { Options } from './arguments.ts'
import { DemoError } from './demo-error.ts'
import { terminalQrCode } from './qr-terminal.ts'
import type { Serving } from './serving.ts'
import { summaryOf, tableOf, whyFailed } from './summary.ts'

/** As shells say it: 128 and the number of the signal. */
const interruptedCode = 130
/** What holds on to this process although everything was closed does not hold longer. */
const lingerMs = 5_000

const say = (line: string): void => void process.stderr.write(`${line}\n`)
const print = (text: string): void => void process.stdout.write(`${text}\n`)

/** Aborted by the first Ctrl-C. The terminal and whoever started us may each send one: the second means nothing. */
function interruption(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => controller.abort())
  }
  return controller.signal
}

async function serve(
  serving: Serving,
  { json, lan }: Options,
  abort: AbortSignal,
): Promise<number> {
  const { page, lanPages, signaling } = serving
  print('')
  print('  Unanimous: Yjs for the text, Unanimous for the decisions.')
  print('')
  print(`  page       ${page}`)
  for (const address of lanPages) print(`  phones     ${address}`)
  print(`  signaling  ${signaling}`)
  print('')
  if (lan) {
    print('  The certificate is self-made: browsers warn once; accept it to go on.')
    const [first] = lanPages
    if (first !== undefined && process.stdout.isTTY) print(`\n${terminalQrCode(first)}`)
  } else {
    print('  No QR code: this address means this machine only. With --lan, phones can join.')
  }
  print(
    '  Open the page in three tabs and press the same seat in two of them. Ctrl-C ends the demo.',
  )
  print('')
  if (json) print(JSON.stringify({ page, lanPages, signaling }))
  if (!abort.aborted) {
    await new Promise((resolve) => abort.addEventListener('abort', resolve, { once: true }))
  }
  return 0
}

async function tryOut(serving: Serving, options: Options, abort: AbortSignal): Promise<number> {
  const { tabs = 3, proposals, json } = options
  say(`page at ${serving.page}, signaling at ${serving.signaling}`)
  const { runTrial } = await import('./trial.ts')
  const trial = await runTrial({ page: serving.page, tabs, proposals, report: say, abort })
  print(tableOf(trial))
  const failure = whyFailed(trial)
  if (failure !== undefined) say(failure)
  if (json) print(JSON.stringify(summaryOf(trial)))
  return failure === undefined ? 0 : 1
}

async function run(options: Options, abort: AbortSignal): Promise<number> {
  // The builder and the browser's driver take a while to load: only what is needed, once that is known.
  const { startServing } = await import('./serving.ts')
  const serving = await startServing(options)
  try {
    for (const note of serving.notes) say(note)
    return options.tabs === undefined
      ? await serve(serving, options, abort)
      : await tryOut(serving, options, abort)
  } finally {
    await serving.close()
  }
}

async function main(words: readonly string[]): Promise<number> {
  const read = readArguments(words)
  switch (read.kind) {
    case 'help':
      print(usage)
      return 0
    case 'wrong':
      say(`${read.message}\n\n${usage}`)
      return 2
    case 'run': {
      const abort = interruption()
      try {
        return await run(read.options, abort)
      } catch (error) {
        if (abort.aborted) return interruptedCode
        say(error instanceof DemoError ? error.message : String((error as Error).stack ?? error))
        return 1
      }
    }
  }
}

process.exitCode = await main(process.argv.slice(2))
setTimeout(() => process.exit(), lingerMs).unref()
