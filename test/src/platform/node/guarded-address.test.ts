import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { createNodeHttp } from '../../../../src/platform/node/http/http.ts'
import { createNodeReach } from '../../../../src/platform/node/http/reach.ts'
import { guardedLookup } from '../../../../src/platform/node/http/guarded-lookup.ts'
import { isForbiddenAddress } from '../../../../src/platform/node/http/forbidden-address.ts'

const http = createNodeHttp({})
const reach = createNodeReach()
const NEVER = new AbortController().signal

/** Ways to write an address that a check must not reach. */
const TRICKS = [
  'http://169.254.169.254/latest/meta-data/',
  'https://169.254.169.254/',
  'http://169.254.169.254:80/',
  'http://user:secret@169.254.169.254/',
  'http://api.example.com@169.254.169.254/',
  'http://169.254.169.254#api.example.com',
  'http://169.254.169.254?api.example.com',
  'http://2852039166/',
  'http://0xa9fea9fe/',
  'http://0xA9FEA9FE/',
  'http://025177524776/',
  'http://0xa9.0xfe.0xa9.0xfe/',
  'http://0251.0376.0251.0376/',
  'http://169.0xfe.0251.254/',
  'http://169.254.43518/',
  'http://169.16689662/',
  'http://0251.254.169.254/',
  'http://169.254.169.254./',
  'http://１６９.254.169.254/',
  'http://169。254。169。254/',
  'http://①⑥⑨.②⑤④.①⑥⑨.②⑤④/',
  'http://169%2e254%2e169%2e254/',
  'http://%31%36%39.254.169.254/',
  'http:\\\\169.254.169.254\\',
  'http:/169.254.169.254/',
  'http:169.254.169.254',
  ' http://169.254.169.254/ ',
  'http://169.254.\n169.254/',
  'HTTP://169.254.169.254/',
  'http://[::ffff:169.254.169.254]/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://[0:0:0:0:0:ffff:a9fe:a9fe]/',
  'http://[0000:0000:0000:0000:0000:FFFF:169.254.169.254]/',
  'http://[::169.254.169.254]/',
  'http://[::a9fe:a9fe]/',
  'http://[::ffff:0:169.254.169.254]/',
  'http://[64:ff9b::169.254.169.254]/',
  'http://[64:ff9b::a9fe:a9fe]/',
  'http://[2002:a9fe:a9fe::]/',
  'http://[2002:a9fe:a9fe::1]/',
  'http://[fe80::1]/',
  'http://[FE80::1]/',
  'http://[febf::1]/',
  'http://[fec0::1]/',
  'http://[fd00:ec2::254]/',
  'http://[fd00:0ec2:0:0:0:0:0:0254]/',
  'http://[ff02::1]/',
  'http://[::]/',
  'http://[0:0:0:0:0:0:0:0]/',
  'http://[::ffff:0.0.0.0]/',
  'http://0.0.0.0/',
  'http://0/',
  'http://0x0/',
  'http://00.0.0/',
  'http://0.1.2.3/',
  'http://100.100.100.200/latest/meta-data/',
  'http://192.0.0.192/opc/v2/instance/',
  'http://224.0.0.1/',
  'http://239.255.255.250:1900/',
  'http://255.255.255.255/',
  'http://169.254.0.1/',
  'http://169.254.255.255/',
]

describe('a guarded request', () => {
  test('there are at least sixty tricks', () => {
    expect(new Set(TRICKS).size).toBeGreaterThanOrEqual(60)
  })

  test.each(TRICKS)('does not reach %j', async (url) => {
    const answer = http({ method: 'GET', url, timeoutMs: 5000, isGuarded: true }, NEVER)

    await expect(answer).rejects.toMatchObject({ code: 'REGISTRY_REJECTED', details: { code: 'FORBIDDEN_ADDRESS' } })
  })

  test('reaches loopback and private networks, where applications run', () => {
    const allowed = ['127.0.0.1', '10.0.0.11', '172.16.3.4', '192.168.1.7', '::1', 'fd12:3456::1', '203.0.113.7']

    expect(allowed.filter(isForbiddenAddress)).toEqual([])
  })

  test('asks for a name once and goes where it leads', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n'))
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    const { port } = server.address() as AddressInfo

    const answer = await http(
      { method: 'GET', url: `http://localhost:${port}/`, timeoutMs: 5000, isGuarded: true },
      NEVER,
    )

    server.close()
    expect(answer.status).toBe(204)
  })

  test('is refused for a name that leads to such an address, before anything is connected', async () => {
    const looked = new Promise((resolve, reject) => {
      // Every resolver answers this name by itself.
      guardedLookup('169.254.169.254', { all: true }, (error, addresses) =>
        error ? reject(error) : resolve(addresses),
      )
    })

    await expect(looked).rejects.toMatchObject({ code: 'REGISTRY_REJECTED' })
  })
})

describe('reaching a port', () => {
  test('settles when something listens, and says why when nothing does', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    const { port } = server.address() as AddressInfo

    await reach({ host: '127.0.0.1', port, timeoutMs: 5000 }, NEVER)
    await new Promise((resolve) => {
      server.close(resolve)
    })

    await expect(reach({ host: '127.0.0.1', port, timeoutMs: 5000 }, NEVER)).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      details: { code: 'ECONNREFUSED' },
    })
    await expect(reach({ host: '169.254.169.254', port: 80, timeoutMs: 5000 }, NEVER)).rejects.toMatchObject({
      code: 'REGISTRY_REJECTED',
    })
  })

  test('ends with the reason of its signal', async () => {
    const reason = new Error('enough')

    await expect(reach({ host: '127.0.0.1', port: 1, timeoutMs: 5000 }, AbortSignal.abort(reason))).rejects.toBe(reason)
  })
})
