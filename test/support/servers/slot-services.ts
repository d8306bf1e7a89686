import { Agent, createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { perSlot, type PerSlot, type Slot } from '../../../src/domain/traffic/traffic.ts'

export interface SlotServices {
  /** `127.0.0.1:41234` */
  readonly hosts: PerSlot<string>
  /** Slots that answer everything with 500. */
  readonly bad: Set<Slot>
  close(): Promise<void>
}

/** Two small services, one for each slot; every answer says in `x-slot` whose it is. */
export async function startSlotServices(): Promise<SlotServices> {
  const bad = new Set<Slot>()
  const servers = perSlot((slot) =>
    createServer((_request, response) => {
      response.statusCode = bad.has(slot) ? 500 : 200
      response.setHeader('x-slot', slot).end(slot)
    }),
  )
  const start = (slot: Slot) =>
    new Promise<string>((resolve) => {
      servers[slot].listen(0, '127.0.0.1', () => resolve(`127.0.0.1:${(servers[slot].address() as AddressInfo).port}`))
    })
  const hosts = { blue: await start('blue'), green: await start('green') }
  return {
    hosts,
    bad,
    async close() {
      for (const server of Object.values(servers)) {
        server.close()
        server.closeAllConnections()
      }
    },
  }
}

/**
 * How many of `count` requests to a balancer each slot answered, each on a connection of its own. Each request carries the
 * number of its client, so that a balancer that hashes clients splits the same requests the same way every time.
 */
export async function countAnswers(url: string, count: number): Promise<PerSlot<number>> {
  const agent = new Agent({ keepAlive: false })
  const answers = { blue: 0, green: 0 }
  for (let sent = 0; sent < count; sent += 1) {
    const slot = await new Promise<string | undefined>((resolve, reject) => {
      get(`${url}/?client=${sent}`, { agent }, (response) => {
        response.resume()
        response.once('end', () => resolve(response.headers['x-slot']?.toString()))
      }).once('error', reject)
    })
    if (slot === 'blue' || slot === 'green') answers[slot] += 1
  }
  return answers
}
