/** What the words after `pnpm sim` mean. Knows commands and flags as data; runs nothing. */

export interface Flag {
  readonly name: string
  /** How its value is written in the help; undefined: it has none. */
  readonly value?: 'N' | 'TIME' | 'FILE' | 'WORD'
  readonly about: string
}

export interface Command {
  readonly name: string
  /** The one word that it needs; undefined: none. */
  readonly operand?: string
  readonly about: string
  readonly flags: readonly Flag[]
}

export type Flags = ReadonlyMap<string, string>

export type Request<Known extends Command> =
  | {
      readonly kind: 'run'
      readonly command: Known
      readonly operand: string
      readonly flags: Flags
    }
  | { readonly kind: 'help'; readonly command: Command | undefined }
  | Wrong

interface Wrong {
  readonly kind: 'wrong'
  readonly message: string
}

const wrong = (message: string): Wrong => ({ kind: 'wrong', message })

export function readRequest<Known extends Command>(
  allWords: readonly string[],
  commands: readonly Known[],
): Request<Known> {
  // `pnpm sim -- run` hands the dashes on.
  const words = allWords.filter((word) => word !== '--')
  const [name, ...rest] = words
  const isHelp = (word: string | undefined): boolean => word === '--help' || word === '-h'
  if (name === undefined || name === 'help' || isHelp(name)) {
    return { kind: 'help', command: undefined }
  }
  const command = commands.find((each) => each.name === name)
  if (command === undefined) {
    const known = commands.map((each) => each.name).join(', ')
    return wrong(`There is no command "${name}"; the commands are ${known}.`)
  }
  return rest.some(isHelp) ? { kind: 'help', command } : readRest(command, rest)
}

function readRest<Known extends Command>(command: Known, words: readonly string[]): Request<Known> {
  const flags = new Map<string, string>()
  const operands: string[] = []
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (!word.startsWith('--')) {
      operands.push(word)
      continue
    }
    const [name = '', joined] = word.slice(2).split('=', 2)
    const flag = command.flags.find((each) => each.name === name)
    if (flag === undefined)
      return wrong(`"${command.name}" has no flag --${name}; ${knows(command)}`)
    if (flags.has(name)) return wrong(`--${name} is given twice.`)
    if (flag.value === undefined) {
      if (joined !== undefined) return wrong(`--${name} takes no value.`)
      flags.set(name, '')
      continue
    }
    const value = joined ?? words[(at += 1)]
    if (value === undefined || value.startsWith('--')) return wrong(`--${name} needs a value.`)
    if (!fits(flag.value, value)) return wrong(`--${name} ${value}: ${forms[flag.value]}.`)
    flags.set(name, value)
  }
  return withOperand(command, operands, flags)
}

function withOperand<Known extends Command>(
  command: Known,
  operands: readonly string[],
  flags: Flags,
): Request<Known> {
  const [operand, extra] = operands
  const { name: word, operand: wanted } = command
  if (wanted === undefined && operand !== undefined) {
    return wrong(`"${word}" takes no "${operand}"; ${knows(command)}`)
  }
  if (wanted !== undefined && operand === undefined) return wrong(`"${word}" needs a ${wanted}.`)
  if (extra !== undefined) return wrong(`"${word}" takes one ${wanted ?? ''}, not "${extra}" too.`)
  if (wanted === 'SEED' && !fits('N', operand ?? '')) {
    return wrong(`"${operand ?? ''}" is no seed: a whole number is needed.`)
  }
  return { kind: 'run', command, operand: operand ?? '', flags }
}

function knows({ flags }: Command): string {
  return `it knows ${[...flags.map(({ name }) => `--${name}`), '--help'].join(', ')}.`
}

const forms = {
  N: 'a whole number from 0 to 4294967295 is needed',
  TIME: 'a time such as 60s or 5min is needed',
  FILE: 'a file name is needed',
  WORD: 'a word is needed',
} as const

function fits(form: keyof typeof forms, value: string): boolean {
  if (form === 'N') return /^\d{1,10}$/.test(value) && Number(value) <= 4_294_967_295
  return form === 'TIME' ? /^\d{1,6}(ms|s|min)$/.test(value) : value !== ''
}

export function helpText(commands: readonly Command[], command: Command | undefined): string {
  if (command === undefined) {
    const rows = commands.map(({ name, operand, about }) => {
      return `  ${[name, operand].filter(Boolean).join(' ').padEnd(16)}${about}`
    })
    return [
      'usage: pnpm sim COMMAND …',
      '',
      ...rows,
      '',
      'pnpm sim COMMAND --help says more. Exits with 1 when something failed, with 2 when the words are wrong.',
    ].join('\n')
  }
  const { name, operand, about, flags } = command
  const written = (flag: Flag): string =>
    flag.value === undefined ? `--${flag.name}` : `--${flag.name} ${flag.value}`
  return [
    `usage: pnpm sim ${[name, operand, ...flags.map((flag) => `[${written(flag)}]`)].filter(Boolean).join(' ')}`,
    '',
    about,
    '',
    ...flags.map((flag) => `  ${written(flag).padEnd(20)}${flag.about}`),
  ].join('\n')
}
