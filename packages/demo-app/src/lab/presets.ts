/** The checked-in networks by name: their texts and what their first lines say about them. Plays none. */

export interface Preset {
  /** As the table of the scenarios calls it. */
  readonly name: string
  /** "quorum loss". */
  readonly title: string
  /** What happens and what is expected, in a few sentences. */
  readonly about: string
  readonly text: string
}

/** In the order in which they are offered: first those on which Raft fails. */
const order = ['U', 'QL', 'CE', 'CH', 'DL', 'HA', 'L', 'X', 'T', 'P', 'E', 'C', 'A']

// The files are the simulator's own, bundled as they are, so that the page plays what the command line plays.
const files: Readonly<Record<string, string>> = import.meta.glob(
  '../../../simulator/scenarios/*.scenario',
  { query: '?raw', import: 'default', eager: true },
)

export const presets: readonly Preset[] = Object.entries(files)
  .map(([path, text]) => presetOf(nameIn(path), text))
  .sort((a, b) => placeOf(a) - placeOf(b) || (a.name < b.name ? -1 : 1))

function nameIn(path: string): string {
  return /([^/]+)\.scenario$/.exec(path)?.[1] ?? path
}

function placeOf({ name }: Preset): number {
  const at = order.indexOf(name.replace(/\d+$/, ''))
  return at === -1 ? order.length : at
}

export function presetOf(name: string, text: string): Preset {
  const words = introductionOf(text)
  const rest = words.startsWith(`${name}, `) ? words.slice(name.length + 2) : words
  const end = /[:.]/.exec(rest)?.index ?? rest.length
  const title = rest.slice(0, end).replace(/ \([^)]*\)$/, '')
  const sentences = rest.slice(end + 1).trim()
  const about = sentences === '' ? rest : sentences
  return { name, title, about: about.charAt(0).toUpperCase() + about.slice(1), text }
}

/** The comment at the top, as one line. */
function introductionOf(text: string): string {
  const lines = text.split('\n')
  const end = lines.findIndex((line) => !line.startsWith('#'))
  return lines
    .slice(0, end === -1 ? lines.length : end)
    .map((line) => line.replace(/^#\s?/, ''))
    .join(' ')
}
