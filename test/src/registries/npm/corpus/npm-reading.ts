import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/** How a registry is reached for a package. */
export interface NpmReading {
  readonly registry: string
  readonly authorization: string | null
  readonly certificate: readonly string[] | null
  readonly ca: string | null
  readonly isStrict: boolean
  readonly proxy: string | null
  readonly except: string | null
}

export interface ReadingPlace {
  readonly root: string
  readonly home: string
  /** Holds `bin/node` and `etc/npmrc`. */
  readonly prefix: string
  readonly env: Readonly<Record<string, string>>
  readonly package: string
}

const text = z.string().nullish()
const flatForm = z.looseObject({
  registry: z.string(),
  ca: z.union([z.string(), z.array(z.string())]).nullish(),
  strictSSL: z.boolean().nullish(),
  proxy: z.union([z.string(), z.literal(false)]).nullish(),
  httpsProxy: text,
  noProxy: text,
})
/** Put into a header as they are, whatever npm has read them as. */
const sent = z.union([z.string(), z.boolean(), z.array(z.string())]).nullish()
const authForm = z.object({ token: sent, auth: sent, regKey: z.union([z.string(), z.literal(false)]) })
type Flat = z.infer<typeof flatForm>

interface NpmModules {
  readonly version: string
  read(place: ReadingPlace): Promise<NpmReading>
}

/** The reading of npm's own code, that of the npm in this folder. */
export function openNpm(npmHome: string): NpmModules {
  const load = createRequire(join(npmHome, 'package.json'))
  const { version } = load('./package.json') as { version: string }
  const Config = load('@npmcli/config') as new (options: object) => NpmcliConfig
  const shapes = load('@npmcli/config/lib/definitions') as object
  const fetch = load('npm-registry-fetch') as {
    pickRegistry: (spec: string, options: object) => string
    getAuth: (uri: string, options: object) => unknown
  }
  return {
    version,
    async read({ root, home, prefix, env, package: spec }) {
      const config = new Config({
        ...shapes,
        npmPath: npmHome,
        env: { ...env, HOME: home },
        argv: ['node', 'npm'],
        execPath: join(prefix, 'bin/node'),
        platform: 'linux',
        cwd: root,
        warn: false,
      })
      await config.load()
      config.validate()
      const flat = flatForm.parse(config.flat)
      const registry = fetch.pickRegistry(spec, flat)
      const auth = authForm.parse(
        fetch.getAuth(`${registry.replace(/\/?$/u, '/')}-/whoami`, { ...flat, spec, registry }),
      )
      return readingOf(flat, registry, auth)
    },
  }
}

interface NpmcliConfig {
  readonly flat: unknown
  load(): Promise<void>
  validate(): boolean
}

function readingOf(flat: Flat, registry: string, { token, auth, regKey }: z.infer<typeof authForm>): NpmReading {
  const files = ['certfile', 'keyfile'].map((key) => flat[`${regKey}:${key}`])
  const ca = typeof flat.ca === 'string' ? flat.ca : (flat.ca ?? []).join('\n')
  return {
    registry: registry.replace(/\/$/u, ''),
    authorization: token ? `Bearer ${String(token)}` : auth ? `Basic ${String(auth)}` : null,
    certificate: files.every((file) => typeof file === 'string') ? files : null,
    ca: ca.trim() === '' ? null : ca.trim(),
    isStrict: flat.strictSSL !== false,
    proxy: flat.httpsProxy || flat.proxy || null,
    except: flat.noProxy || null,
  }
}

/** The folder of the npm that this link or program is; `undefined` for something else. */
export function npmHomeOf(program: string): string | undefined {
  return program.endsWith('/bin/npm-cli.js') ? dirname(dirname(program)) : undefined
}
