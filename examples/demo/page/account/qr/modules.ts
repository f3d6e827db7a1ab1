import { codeWordsOf } from './code-words.ts'

/** Rows of a QR code (ISO/IEC 18004), true for dark; `null` for a text of more than 230 bytes. */
export function qrModules(text: string): boolean[][] | null {
  const code = codeWordsOf(text)
  if (!code) return null
  const grid = createGrid(17 + 4 * code.version)
  drawPatterns(grid, code.version)
  drawFormat(grid)
  if (code.version >= 7) drawVersion(grid, code.version)
  drawWords(grid, code.words)
  return grid.rows.map(row => row.map(isDark => isDark === true))
}

/** What is not drawn yet is undefined: there the words go. */
type Grid = { size: number; rows: (boolean | undefined)[][]; set(x: number, y: number, isDark: boolean): void }

function createGrid(size: number): Grid {
  const rows = Array.from({ length: size }, () => Array.from<boolean | undefined>({ length: size }))
  const set = (x: number, y: number, isDark: boolean) => {
    const row = rows[y]
    if (row && x >= 0 && x < size) row[x] = isDark
  }
  return { size, rows, set }
}

function drawPatterns(grid: Grid, version: number): void {
  const { size, set } = grid
  for (let at = 0; at < size; at++) {
    set(6, at, at % 2 === 0)
    set(at, 6, at % 2 === 0)
  }
  const last = size - 7
  const centres = version === 1 ? [] : version < 7 ? [6, last] : [6, (6 + last) / 2, last]
  for (const x of centres) {
    for (const y of centres) {
      // Three corners have the large squares.
      const isLarge = (x === 6 && y === 6) || (x === 6 && y === last) || (x === last && y === 6)
      if (!isLarge) drawSquares(grid, { x, y, radius: 2, light: [1] })
    }
  }
  const large = { radius: 4, light: [2, 4] }
  drawSquares(grid, { x: 3, y: 3, ...large })
  drawSquares(grid, { x: size - 4, y: 3, ...large })
  drawSquares(grid, { x: 3, y: size - 4, ...large })
}

type Squares = { x: number; y: number; radius: number; light: number[] }

function drawSquares({ set }: Grid, { x, y, radius, light }: Squares): void {
  for (let dx = -radius; dx <= radius; dx++) {
    for (let dy = -radius; dy <= radius; dy++) {
      set(x + dx, y + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))))
    }
  }
}

/** Twice: the level of error correction (L is 1) and the mask (0), with a code of their own. */
function drawFormat({ size, set }: Grid): void {
  const format = withRemainder(1 << 3, { bits: 10, polynomial: 0x537 }) ^ 0x5412
  for (let bit = 0; bit < 15; bit++) {
    const isDark = ((format >>> bit) & 1) === 1
    if (bit < 8) set(8, bit < 6 ? bit : bit + 1, isDark)
    else set(bit === 8 ? 7 : 14 - bit, 8, isDark)
    if (bit < 8) set(size - 1 - bit, 8, isDark)
    else set(8, size - 15 + bit, isDark)
  }
  set(8, size - 8, true)
}

function drawVersion({ size, set }: Grid, version: number): void {
  const info = withRemainder(version, { bits: 12, polynomial: 0x1f25 })
  for (let bit = 0; bit < 18; bit++) {
    const isDark = ((info >>> bit) & 1) === 1
    const near = Math.floor(bit / 3)
    const far = size - 11 + (bit % 3)
    set(near, far, isDark)
    set(far, near, isDark)
  }
}

function withRemainder(value: number, { bits, polynomial }: { bits: number; polynomial: number }): number {
  let remainder = value
  for (let count = 0; count < bits; count++) {
    remainder = (remainder << 1) ^ ((remainder >>> (bits - 1)) * polynomial)
  }
  return (value << bits) | remainder
}

/** In columns of two, up and down from the right, with every other module turned (mask 0: readers take any). */
function drawWords({ size, rows, set }: Grid, words: number[]): void {
  let bit = 0
  for (let right = size - 1; right > 0; right -= 2) {
    // The timing pattern has a column of its own.
    if (right === 6) right = 5
    const isUp = ((right + 1) & 2) === 0
    for (let step = 0; step < size; step++) {
      const y = isUp ? size - 1 - step : step
      for (const x of [right, right - 1]) {
        if (rows[y]?.[x] !== undefined) continue
        const isDark = (((words[bit >>> 3] ?? 0) >>> (7 - (bit & 7))) & 1) === 1
        set(x, y, isDark !== ((x + y) % 2 === 0))
        bit++
      }
    }
  }
}
