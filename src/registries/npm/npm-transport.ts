import { resolve } from 'node:path'
import type { HttpRequest, Platform, TlsOptions, Trust } from '../../platform/platform.ts'
import type { NpmConfig } from '../npmrc/npm-config.ts'
import type { NpmSetting } from '../npmrc/npm-layer.ts'
import type { NpmLogin } from './npm-login.ts'
import { refuseUnset } from '../npmrc/refuse-unset.ts'

/** How npm is configured to reach a registry: what a request takes. */
export type NpmTransport = Pick<HttpRequest, 'tls' | 'proxy'>

interface TransportContext {
  readonly platform: Platform
  readonly root: string
  readonly login: NpmLogin | undefined
}

/** Of one certificate or key file; system bundles have a few hundred KiB. */
const MAX_BYTES = 4 * 1024 * 1024

/** @throws CONFIG_INVALID for a proxy with a variable that is not set; NOT_TRUSTED where it was not filled in */
export async function npmTransport(config: NpmConfig, context: TransportContext): Promise<NpmTransport> {
  const ca = await authorities(config, context.platform)
  const certificate = await clientCertificate(config, context)
  const tls: TlsOptions = {
    ...(ca === undefined ? {} : { ca }),
    ...certificate,
    ...(config.find('strict-ssl')?.value === false ? { rejectUnauthorized: false } : {}),
  }
  const proxy = proxyIn(config, context.platform)
  return { ...(Object.keys(tls).length === 0 ? {} : { tls }), ...(proxy === undefined ? {} : { proxy }) }
}

/** `ca` and `cafile` are one setting: of the layer that wins, and in it the one that is written last. */
async function authorities({ layers }: NpmConfig, { files }: Platform): Promise<string | undefined> {
  for (const { settings } of layers) {
    for (const [key, { value }] of [...settings].toReversed()) {
      if (key === 'ca') return joined(value)
      if (key !== 'cafile' || typeof value !== 'string' || value === '') continue
      // As npm, which takes a file that is not there for none.
      const bytes = await files.read(value, MAX_BYTES)
      if (bytes) return new TextDecoder().decode(bytes)
    }
  }
  return undefined
}

function joined(value: NpmSetting['value']): string | undefined {
  const text = typeof value === 'object' && value !== null ? value.join('\n') : String(value ?? '')
  return text.trim() === '' ? undefined : text
}

async function clientCertificate(
  config: NpmConfig,
  { platform: { files, secrets }, root, login }: TransportContext,
): Promise<Pick<TlsOptions, 'cert' | 'key'>> {
  const [cert, key] = [config.get('cert'), config.get('key')]
  const written = { ...(cert ? { cert } : {}), ...(key ? { key } : {}) }
  if (key) secrets.add(key)
  if (!login?.certificate) return written
  const { certFile, keyFile } = login.certificate
  const read = async (name: string) => files.read(resolve(root, name), MAX_BYTES)
  const [certBytes, keyBytes] = await Promise.all([read(certFile), read(keyFile)])
  // As npm, which goes on without one that is not there.
  if (!certBytes || !keyBytes) return written
  const decoder = new TextDecoder()
  return { cert: decoder.decode(certBytes), key: decoder.decode(keyBytes) }
}

/** `https-proxy` goes before `proxy`, regardless of the scheme of the address: npm does the same. */
function proxyIn(config: NpmConfig, { trust, secrets }: Platform): HttpRequest['proxy'] {
  const noproxy = config.get('noproxy')
  const except = noproxy ? { except: noproxy } : {}
  const url = ['https-proxy', 'proxy'].map((key) => proxyAt(key, config, trust)).find((found) => found !== undefined)
  if (url === undefined) return noproxy ? except : undefined
  if (URL.canParse(url)) secrets.add(decodeURIComponent(new URL(url).password))
  return { url, ...except }
}

function proxyAt(key: string, config: NpmConfig, trust: Trust): string | undefined {
  refuseUnset(key, config, trust)
  for (const { settings } of config.layers) {
    const value = settings.get(key)?.value
    if (value === null || value === false) return undefined
    if (typeof value === 'string' && value !== '') return value
  }
  return undefined
}
