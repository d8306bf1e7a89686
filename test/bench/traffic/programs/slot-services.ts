// Two small services in a process of their own:  node slot-services.ts
// Says where they listen, and for every message how many requests each has had and when the last one came, in
// nanoseconds of the clock all processes share.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const slots = ['blue', 'green'] as const
const seen = { blue: { count: 0, lastAt: '0' }, green: { count: 0, lastAt: '0' } }

const ports = await Promise.all(
  slots.map((slot) => {
    const server = createServer((_request, response) => {
      seen[slot].count += 1
      seen[slot].lastAt = String(process.hrtime.bigint())
      response.setHeader('x-slot', slot).end(slot)
    })
    // Longer than any run: a connection that the service itself closes would be none of the balancer's.
    server.keepAliveTimeout = 600_000
    return new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
    })
  }),
)
process.on('message', () => process.send?.({ seen }))
process.on('disconnect', () => process.exit())
process.send?.({ ports })
