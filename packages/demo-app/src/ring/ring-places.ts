/** Where things stand on the ring: the members around, whoever watches in a row below. Pure; draws nothing. */

export interface Spot {
  readonly x: number
  readonly y: number
}

/** Of the members; with an audience a row comes below. */
export const ringBox: { readonly width: number; readonly height: number } = {
  width: 360,
  height: 322,
}
const rowHeight = 66

export const orbit: {
  readonly x: number
  readonly y: number
  readonly rx: number
  readonly ry: number
} = { x: ringBox.width / 2, y: 160, rx: 122, ry: 102 }

/** The places of three are there before the tabs are. */
const placesMin = 3

export const placesFor = (members: number): number => Math.max(placesMin, members)

/** The first place is at the bottom, the others clockwise from it. */
export function spotAt(place: number, places: number): Spot {
  const angle = Math.PI / 2 + (place / places) * 2 * Math.PI
  return { x: orbit.x + orbit.rx * Math.cos(angle), y: orbit.y + orbit.ry * Math.sin(angle) }
}

/** Of the lower, outer row. */
export function rowSpotAt(place: number, places: number): Spot {
  const apart = Math.min(88, (ringBox.width - 24) / places)
  return { x: orbit.x + (place - (places - 1) / 2) * apart, y: ringBox.height + 26 }
}

export const heightWith = (hasRow: boolean): number => ringBox.height + (hasRow ? rowHeight : 0)

/** Lines come from below: in the upper half a name stands above its tab, out of their way. */
export const isUpper = ({ y }: Spot): boolean => y < orbit.y + 10

/** Both watch. */
export const isInRow = (one: Spot, other: Spot): boolean =>
  Math.min(one.y, other.y) > ringBox.height
