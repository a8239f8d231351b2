/** The house: which seats there are, where they stand, and how keys walk among them. Does not know who sits where. */

export const rowNames: readonly string[] = ['A', 'B', 'C', 'D', 'E', 'F']
export const seatsPerRow = 8
/** The aisle is behind this many seats of each row. */
export const aisleAfter: number = seatsPerRow / 2

/** In reading order, `A1` to `F8`. */
export const seats: readonly string[] = rowNames.flatMap((row) =>
  Array.from({ length: seatsPerRow }, (_, column) => `${row}${column + 1}`),
)

const seatSet: ReadonlySet<unknown> = new Set(seats)

/** A peer may say anything; `Object.prototype` has no seat here. */
export const isSeat = (value: unknown): value is string => seatSet.has(value)

/** How far a seat is pushed towards the screen's middle, 0 to 1: rows are bent around the screen. */
export function bend(column: number): number {
  const middle = (seatsPerRow - 1) / 2
  return ((column - middle) / middle) ** 2
}

/** Keys as `KeyboardEvent.key` names them. */
export interface Press {
  readonly key: string
  readonly ctrl: boolean
}

/** Where a key leads from a seat; undefined for a key that means nothing here. The walls stop, they do not wrap. */
export function seatAfter(from: string, { key, ctrl }: Press): string | undefined {
  const at = seats.indexOf(from)
  if (at < 0) return undefined
  const row = Math.floor(at / seatsPerRow)
  const column = at % seatsPerRow
  switch (key) {
    case 'ArrowLeft':
      return seatAt(row, column - 1)
    case 'ArrowRight':
      return seatAt(row, column + 1)
    case 'ArrowUp':
      return seatAt(row - 1, column)
    case 'ArrowDown':
      return seatAt(row + 1, column)
    case 'Home':
      return seatAt(ctrl ? 0 : row, 0)
    case 'End':
      return seatAt(ctrl ? Infinity : row, Infinity)
    case 'PageUp':
      return seatAt(0, column)
    case 'PageDown':
      return seatAt(Infinity, column)
    default:
      return undefined
  }
}

function seatAt(row: number, column: number): string | undefined {
  const within = (value: number, end: number): number => Math.min(Math.max(value, 0), end - 1)
  return seats[within(row, rowNames.length) * seatsPerRow + within(column, seatsPerRow)]
}
