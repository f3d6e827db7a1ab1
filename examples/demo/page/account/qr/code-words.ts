import { errorCorrection } from './reed-solomon.ts'

// By version, for the lowest level of error correction (ISO/IEC 18004, table 9): a screen does not get dirty.
const correctionWords = [7, 10, 15, 20, 26, 18, 20, 24, 30]
const blocks = [1, 1, 1, 1, 1, 2, 2, 2, 2]

export type CodeWords = { version: number; words: number[] }

/** A text in the smallest version it fits, up to 9; `null` for more than 230 bytes. */
export function codeWordsOf(text: string): CodeWords | null {
  const bytes = [...new TextEncoder().encode(text)]
  // Mode and length take one byte and a half, the end at most another half.
  const index = correctionWords.findIndex((_, index) => bytes.length + 2 <= dataLength(index))
  if (index < 0) return null
  return { version: index + 1, words: interleave(inBytes(bytes, dataLength(index)), index) }
}

/** Mode "bytes" (4), length, bytes, end (0), and filling. */
function inBytes(bytes: number[], length: number): number[] {
  const nibbles = [4, bytes.length >> 4, bytes.length & 15, ...bytes.flatMap(byte => [byte >> 4, byte & 15]), 0]
  const words = []
  for (let at = 0; at < nibbles.length; at += 2) words.push(((nibbles[at] ?? 0) << 4) | (nibbles[at + 1] ?? 0))
  for (let filler = 0xec; words.length < length; filler ^= 0xec ^ 0x11) words.push(filler)
  return words
}

/** Spreads the blocks over the code, so that a stain hurts each a little. */
function interleave(data: number[], index: number): number[] {
  const count = blocks[index] ?? 1
  const correction = correctionWords[index] ?? 0
  const short = Math.floor(data.length / count)
  const shortBlocks = count - (data.length % count)
  let start = 0
  const parts = Array.from({ length: count }, (_, block) => {
    const part = data.slice(start, start + short + (block < shortBlocks ? 0 : 1))
    start += part.length
    return part
  })
  const corrections = parts.map(part => errorCorrection(part, correction))
  return [...columnsOf(parts), ...columnsOf(corrections)]
}

function columnsOf(rows: number[][]): number[] {
  const longest = Math.max(...rows.map(row => row.length))
  return Array.from({ length: longest }, (_, column) => rows.flatMap(row => row[column] ?? [])).flat()
}

function dataLength(index: number): number {
  const version = index + 1
  const alignments = version === 1 ? 0 : Math.floor(version / 7) + 2
  const occupied = alignments ? (25 * alignments - 10) * alignments - 55 : 0
  const modules = (16 * version + 128) * version + 64 - occupied - (version >= 7 ? 36 : 0)
  return Math.floor(modules / 8) - (correctionWords[index] ?? 0) * (blocks[index] ?? 1)
}
