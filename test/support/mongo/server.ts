import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createCommands, type Execute } from './commands.ts'
import { encodeReply, takeRequests } from './wire.ts'

export interface ServerOptions {
  /** Poses as a server that is in no replica set, and so has no transactions. */
  isStandalone?: boolean
}

/** Listens on a free port of the loopback interface. */
export async function startServer({ isStandalone = false }: ServerOptions) {
  const execute = createCommands({ isStandalone })
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // A client that is closed in the middle of an answer.
    socket.on('error', () => socket.destroy())
    serve(socket, execute)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `mongodb://127.0.0.1:${port}/`,
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function serve(socket: Socket, execute: Execute): void {
  const address = `${socket.localAddress}:${socket.localPort}`
  let unread: Buffer = Buffer.alloc(0)
  socket.setNoDelay(true)
  socket.on('data', chunk => {
    unread = takeRequests(Buffer.concat([unread, chunk]), async request => {
      const reply = await execute(request.command, address)
      if (request.wantsReply && !socket.destroyed) socket.write(encodeReply(request, reply))
    })
  })
}
