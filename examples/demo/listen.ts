import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Listening = { port: number; close(): Promise<void> }

/** Listens on the first of the ports that is free on every host. Port 0 means any. */
export async function listen(handler: RequestListener, hosts: string[], ports: number[]): Promise<Listening> {
  for (const port of ports) {
    try {
      const servers = await bindAll(handler, hosts, port)
      return { port: portOf(servers), close: () => closeAll(servers) }
    } catch (error) {
      if (codeOf(error) !== 'EADDRINUSE') throw error
    }
  }
  const tried = ports.length > 1 ? `${ports[0]} to ${ports.at(-1)} are all` : `${ports[0]} is`
  throw new Error(`Port ${tried} in use. Choose another one with --port.`)
}

async function bindAll(handler: RequestListener, hosts: string[], port: number): Promise<Server[]> {
  const servers: Server[] = []
  try {
    for (const host of hosts) {
      const server = createServer(handler).listen(servers.length ? portOf(servers) : port, host)
      await once(server, 'listening')
      servers.push(server)
    }
  } catch (error) {
    // A machine without IPv6 is fine as long as one address could be bound.
    const isMissingFamily = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(codeOf(error) ?? '')
    if (!servers.length || !isMissingFamily) {
      await closeAll(servers)
      throw error
    }
  }
  return servers
}

async function closeAll(servers: Server[]): Promise<void> {
  const closed = servers.map(server => new Promise<void>(resolve => server.close(() => resolve())))
  // Browsers keep connections open: idle ones end now, busy ones get a moment to finish.
  for (const server of servers) server.closeIdleConnections()
  const timer = setTimeout(() => {
    for (const server of servers) server.closeAllConnections()
  }, 1000)
  await Promise.all(closed)
  clearTimeout(timer)
}

function portOf(servers: Server[]): number {
  // A server that listens on TCP always has an AddressInfo; the other types are for pipes and closed servers.
  return (servers[0]!.address() as AddressInfo).port
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code
}
