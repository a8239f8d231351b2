/** Names and numbers that nobody can guess or draw twice. */
import { toHex } from './hex.ts'

/** From the platform's cryptographic source. */
export const randomBytes = (length: number): Uint8Array =>
  crypto.getRandomValues(new Uint8Array(length))

/** 16 hex digits. */
export function drawNonce(): string {
  return toHex(randomBytes(8))
}
