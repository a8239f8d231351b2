/** A name and a colour for an id, the same in every tab. Knows nothing of groups; names that people chose are looked up elsewhere. */

interface Colour {
  readonly word: string
  /** Degrees of OKLCH's circle; lightness and strength are the style sheet's business. */
  readonly hue: number
}

/** The word says the colour, so that whoever cannot see it reads it. */
const colours: readonly Colour[] = [
  { word: 'Rose', hue: 8 },
  { word: 'Crimson', hue: 26 },
  { word: 'Copper', hue: 48 },
  { word: 'Amber', hue: 70 },
  { word: 'Golden', hue: 92 },
  { word: 'Olive', hue: 114 },
  { word: 'Green', hue: 138 },
  { word: 'Jade', hue: 160 },
  { word: 'Teal', hue: 184 },
  { word: 'Sea', hue: 208 },
  { word: 'Azure', hue: 232 },
  { word: 'Cobalt', hue: 256 },
  { word: 'Indigo', hue: 278 },
  { word: 'Violet', hue: 300 },
  { word: 'Plum', hue: 322 },
  { word: 'Magenta', hue: 345 },
]

const animals: readonly string[] = [
  ...['Badger', 'Bear', 'Beaver', 'Crane', 'Deer', 'Dove', 'Falcon', 'Ferret'],
  ...['Finch', 'Fox', 'Gecko', 'Hare', 'Heron', 'Ibis', 'Jay', 'Kestrel'],
  ...['Lark', 'Lynx', 'Marten', 'Mole', 'Newt', 'Otter', 'Owl', 'Panda'],
  ...['Puffin', 'Raven', 'Robin', 'Seal', 'Stork', 'Tapir', 'Vole', 'Wren'],
]

export interface Look {
  readonly name: string
  /** What fits a seat: two letters. */
  readonly initials: string
  readonly hue: number
}

/** `id` is hexadecimal; what is not counts as zero. `chosen` is the name that its owner gave. */
export function lookOf(id: string, chosen?: string): Look {
  const colour = colours[hexAt(id, 0, 4) % colours.length]
  const animal = animals[hexAt(id, 4, 8) % animals.length]
  const name = chosen ?? `${colour?.word ?? ''} ${animal ?? ''}`
  return { name, initials: initialsOf(name), hue: colour?.hue ?? 0 }
}

function hexAt(id: string, start: number, end: number): number {
  const value = Number.parseInt(id.slice(start, end), 16)
  return Number.isNaN(value) ? 0 : value
}

/** First letters of the first two words, or the first two letters of a single one. */
export function initialsOf(name: string): string {
  const [first = [], second] = name
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(lettersOf)
  const letters =
    second === undefined ? first.slice(0, 2) : [...first.slice(0, 1), ...second.slice(0, 1)]
  return letters.join('').toUpperCase()
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** As a reader counts them: a flag or an accented letter is one. */
const lettersOf = (word: string): readonly string[] =>
  Array.from(segmenter.segment(word), ({ segment }) => segment)

/** Neighbouring numbers are far apart on the circle, so that a change of ballot is a change of colour. */
export const hueOfBallot = (num: number): number => Math.round((num * 137.508) % 360)
