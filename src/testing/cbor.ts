/** What a soft authenticator has to write. A `Map` keeps its order, which CTAP2 prescribes. */
export type Cbor = number | string | Uint8Array | Map<number | string, Cbor>

const MAJOR = { unsigned: 0, negative: 1, bytes: 2, text: 3, map: 5 }

/** Encodes a value in CBOR (RFC 8949): integers, byte and text strings, and maps. */
export function encodeCbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? head(MAJOR.negative, -1 - value) : head(MAJOR.unsigned, value)
  if (typeof value === 'string') return Buffer.concat([head(MAJOR.text, Buffer.byteLength(value)), Buffer.from(value)])
  if (value instanceof Uint8Array) return Buffer.concat([head(MAJOR.bytes, value.length), value])
  const pairs = [...value].flatMap(([key, item]) => [encodeCbor(key), encodeCbor(item)])
  return Buffer.concat([head(MAJOR.map, value.size), ...pairs])
}

function head(major: number, argument: number): Buffer {
  const type = major << 5
  if (argument < 24) return Buffer.from([type | argument])
  if (argument < 0x100) return Buffer.from([type | 24, argument])
  return Buffer.from([type | 25, argument >> 8, argument & 0xff])
}
