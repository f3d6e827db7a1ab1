/** Multiplication in GF(256) with the polynomial of QR codes, 0x11D. */
function multiply(a: number, b: number): number {
  let product = 0
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d)
    product ^= ((b >>> bit) & 1) * a
  }
  return product
}

/** Coefficients of (x - 1)(x - 2)(x - 4)..., without the leading 1. */
function generator(degree: number): number[] {
  let coefficients: number[] = Array.from({ length: degree }, (_, index) => (index === degree - 1 ? 1 : 0))
  let root = 1
  for (let count = 0; count < degree; count++) {
    coefficients = coefficients.map((value, index) => multiply(value, root) ^ (coefficients[index + 1] ?? 0))
    root = multiply(root, 2)
  }
  return coefficients
}

/** The error correction of one block: so many code words as `degree` says. */
export function errorCorrection(data: readonly number[], degree: number): number[] {
  const divisor = generator(degree)
  let remainder: number[] = Array.from({ length: degree }, () => 0)
  for (const byte of data) {
    const factor = byte ^ (remainder[0] ?? 0)
    remainder = divisor.map((coefficient, index) => (remainder[index + 1] ?? 0) ^ multiply(coefficient, factor))
  }
  return remainder
}
