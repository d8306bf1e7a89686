import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createSandbox, type Sandbox, type SandboxOptions } from '../../../src/sandbox/create-sandbox.ts'
import { startFaultProxy, type FaultProxy } from '../servers/fault-proxy.ts'

export interface ProxiedSandbox {
  readonly sandbox: Sandbox
  readonly proxies: { readonly docker: FaultProxy; readonly npm: FaultProxy }
  close(): Promise<void>
}

interface Wishes extends SandboxOptions {
  /** Of the two proxies. Default: free ones. */
  readonly ports?: { readonly docker: number; readonly npm: number } | undefined
  /** What the project's files call the sandbox's folder. Default: its real path. */
  readonly place?: string
  /** Of one request; a run waits as long for one without an answer. Default: the program's own. */
  readonly requestTimeout?: string
}

/** A sandbox whose project knows its two HTTP registries only through a recording, faulting proxy before each. */
export async function createProxiedSandbox({
  ports,
  place,
  requestTimeout,
  ...options
}: Wishes = {}): Promise<ProxiedSandbox> {
  const sandbox = await createSandbox(options)
  const imageHost = sandbox.urls.image.slice(0, sandbox.urls.image.indexOf('/'))
  const packageHost = new URL(sandbox.urls.packages).host
  const docker = await startFaultProxy({ upstream: `http://${imageHost}`, port: ports?.docker ?? 0 })
  const npm = await startFaultProxy({ upstream: sandbox.urls.packages, port: ports?.npm ?? 0 })
  const folder = dirname(sandbox.root)
  for (const file of ['bagboy.yaml', '.npmrc', '.bagboy/deployment-history.yml']) {
    const path = join(sandbox.root, file)
    const text = readFileSync(path, 'utf8')
      .replaceAll(imageHost, docker.host)
      .replaceAll(packageHost, npm.host)
      .replaceAll(folder, place ?? folder)
      .replace(
        /(?<=^ {2}rollback:\n)/mu,
        requestTimeout === undefined ? '' : `    request_timeout: ${requestTimeout}\n`,
      )
    writeFileSync(path, text)
  }
  return {
    sandbox,
    proxies: { docker, npm },
    close: async () => void (await Promise.all([docker.close(), npm.close(), sandbox.close()])),
  }
}
