/** Strong random bytes of the platform, and as text. Knows nothing of what they are for. */

export const randomBytes = (length: number): Uint8Array =>
  crypto.getRandomValues(new Uint8Array(length))

/** Two lowercase digits a byte. */
export const randomHex = (length: number): string =>
  [...randomBytes(length)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
