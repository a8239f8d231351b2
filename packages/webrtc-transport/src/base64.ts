/** Bytes as base64 of the usual alphabet, with its padding, and back. Never throws. */

export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** `undefined` for what `toBase64` does not write. */
export function fromBase64(text: string): Uint8Array | undefined {
  let binary: string
  try {
    binary = atob(text)
  } catch {
    // Not of the alphabet; the platform's words about it say no more.
    return undefined
  }
  const bytes = Uint8Array.from(binary, (sign) => sign.charCodeAt(0))
  // White space and loose ends are forgiven by the platform: one text for the same bytes would not be the only one.
  return toBase64(bytes) === text ? bytes : undefined
}
