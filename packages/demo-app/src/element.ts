/** Small steps on the page's elements: make one, change one only where it differs, keep a list in step. Knows no group. */

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

/** `true` sets an attribute without a value; `false` and undefined set none. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) setAttribute(made, name, value)
  made.append(...children)
  return made
}

/** The element of the page with this id; the page and its script belong together, so it is there. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`The page has no element #${id}.`)
  return found
}

/** Touches the page only for a new text: a live region would speak again. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text
}

export function setAttribute(target: Element, name: string, value: Attributes[string]): void {
  const text =
    value === true ? '' : value === false || value === undefined ? undefined : String(value)
  if (text === undefined) target.removeAttribute(name)
  else if (target.getAttribute(name) !== text) target.setAttribute(name, text)
}

/** The one colour that style sheets make shades of: degrees of OKLCH's circle. */
export function setHue(target: HTMLElement | SVGElement, hue: number): void {
  const text = String(hue)
  if (target.style.getPropertyValue('--hue') !== text) target.style.setProperty('--hue', text)
}

export interface KeyedList<T> {
  readonly parent: Element
  readonly keyOf: (item: T) => string
  readonly make: (item: T) => HTMLElement
  readonly update: (made: HTMLElement, item: T) => void
}

/** Gives a function that brings the parent's children in step with items; an element lives as long as its key. */
export function keyedList<T>(list: KeyedList<T>): (items: readonly T[]) => void {
  const { parent, keyOf, make, update } = list
  const made = new Map<string, HTMLElement>()
  return (items) => {
    const wanted = new Set(items.map(keyOf))
    for (const [key, old] of made) {
      if (wanted.has(key)) continue
      old.remove()
      made.delete(key)
    }
    let place = parent.firstElementChild
    for (const item of items) {
      const key = keyOf(item)
      const child = made.get(key) ?? make(item)
      made.set(key, child)
      update(child, item)
      // Moving an element takes its focus away, so those that stand right stay.
      if (child === place) place = place.nextElementSibling
      else parent.insertBefore(child, place)
    }
  }
}
