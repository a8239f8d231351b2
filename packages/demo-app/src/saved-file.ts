/** Hands a file to the browser to be saved. Knows no file. */
import { element } from './element.ts'

/** The browser needs the address no longer than this. */
const keptMs = 1_000

export function saveFile(blob: Blob, name: string): void {
  const href = URL.createObjectURL(blob)
  element('a', { href, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(href), keptMs)
}
