/** CRC-32 (the polynomial of IEEE 802.3, reflected): finds torn and rotten records. No defence against forgery. */

const polynomial = 0xedb88320

/** What one byte becomes after all bytes of `before`, and eight more bits. */
function tableAfter(before: Uint32Array | undefined): Uint32Array {
  return new Uint32Array(256).map((_, byte) => {
    let remainder = before?.[byte] ?? byte
    for (let bit = 0; bit < 8; bit += 1) {
      remainder = remainder & 1 ? (remainder >>> 1) ^ polynomial : remainder >>> 1
    }
    return remainder >>> 0
  })
}

const after1 = tableAfter(undefined)
const after2 = tableAfter(after1)
const after3 = tableAfter(after2)
const after4 = tableAfter(after3)

const of = (table: Uint32Array, byte: number): number => table[byte & 0xff] ?? 0

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const whole = bytes.length - (bytes.length % 4)
  let at = 0
  // Four bytes a turn: a record of many entries is checked at every write and at every start.
  for (; at < whole; at += 4) {
    crc ^= view.getUint32(at, true)
    crc = of(after4, crc) ^ of(after3, crc >>> 8) ^ of(after2, crc >>> 16) ^ of(after1, crc >>> 24)
  }
  for (; at < bytes.length; at += 1) crc = (crc >>> 8) ^ of(after1, crc ^ (bytes[at] ?? 0))
  return (crc ^ 0xffffffff) >>> 0
}
