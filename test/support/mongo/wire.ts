import { BSON } from 'bson'

// https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/
const OP_REPLY = 1
const OP_QUERY = 2004
const OP_MSG = 2013
const HEADER_BYTES = 16
const CHECKSUM_PRESENT = 1
const MORE_TO_COME = 2

export type Doc = Record<string, unknown>

/** A command as it came, with the document sequences that stood beside it put in their place. */
export interface Request {
  id: number
  command: Doc
  /** Only the handshake still comes in the old form, and is answered in it. */
  isLegacy: boolean
  wantsReply: boolean
}

/** Cuts what a socket brings into messages; the result is what is left of an unfinished one. */
export function takeRequests(buffer: Buffer, onRequest: (request: Request) => void): Buffer {
  let rest = buffer
  while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
    const length = rest.readInt32LE(0)
    onRequest(parse(rest.subarray(0, length)))
    rest = rest.subarray(length)
  }
  return rest
}

function parse(message: Buffer): Request {
  const id = message.readInt32LE(4)
  const opCode = message.readInt32LE(12)
  if (opCode === OP_QUERY) return { id, command: parseQuery(message), isLegacy: true, wantsReply: true }
  if (opCode !== OP_MSG) throw new Error(`no message of type ${opCode} is known here`)
  const flags = message.readUInt32LE(HEADER_BYTES)
  const end = flags & CHECKSUM_PRESENT ? message.length - 4 : message.length
  const command: Doc = {}
  for (let at = HEADER_BYTES + 4; at < end; ) {
    const isSequence = message.readUInt8(at) === 1
    const size = message.readInt32LE(at + 1)
    const section = message.subarray(at + 1, at + 1 + size)
    if (isSequence) Object.assign(command, parseSequence(section))
    else Object.assign(command, BSON.deserialize(section))
    at += 1 + size
  }
  return { id, command, isLegacy: false, wantsReply: !(flags & MORE_TO_COME) }
}

function parseQuery(message: Buffer): Doc {
  const endOfName = message.indexOf(0, HEADER_BYTES + 4)
  const start = endOfName + 1 + 8
  const command = BSON.deserialize(message.subarray(start, start + message.readInt32LE(start)))
  return { ...command, $db: message.toString('utf8', HEADER_BYTES + 4, endOfName).split('.')[0] }
}

function parseSequence(section: Buffer): Doc {
  const endOfName = section.indexOf(0, 4)
  const documents: Doc[] = []
  for (let at = endOfName + 1; at < section.length; ) {
    const size = section.readInt32LE(at)
    documents.push(BSON.deserialize(section.subarray(at, at + size)))
    at += size
  }
  return { [section.toString('utf8', 4, endOfName)]: documents }
}

/** The bytes of an answer. */
export function encodeReply({ id, isLegacy }: Request, reply: Doc): Buffer {
  const document = Buffer.from(BSON.serialize(reply, { ignoreUndefined: true }))
  // OP_REPLY: flags, cursor, first, number of documents. OP_MSG: flags, kind of section.
  const preamble = Buffer.alloc(isLegacy ? 20 : 5)
  if (isLegacy) preamble.writeInt32LE(1, 16)
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeInt32LE(HEADER_BYTES + preamble.length + document.length, 0)
  header.writeInt32LE(id, 8)
  header.writeInt32LE(isLegacy ? OP_REPLY : OP_MSG, 12)
  return Buffer.concat([header, preamble, document])
}
