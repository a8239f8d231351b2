/** Small steps on drawings: make an element, change an attribute only where it differs. Knows no drawing. */
import type { Attributes } from './element.ts'
import { setAttribute } from './element.ts'

export function drawn<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [name, value] of Object.entries(attributes)) setAttribute(made, name, value)
  made.append(...children)
  return made
}

/** A tenth of a unit is finer than a screen. */
export const rounded = (value: number): number => Math.round(value * 10) / 10
