import { dirname, join, parse, resolve } from 'node:path'
import { sanitize } from '../../domain/text/sanitize.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { notTrusted } from '../../platform/not-trusted.ts'
import type { ExecResult, Platform } from '../../platform/platform.ts'
import { createProcessMemory } from '../../platform/process-memory.ts'
import { layerOfText, layerOfVariables, type LayerContext, type NpmLayer, type NpmSetting } from './npm-layer.ts'
import { findNpmProgram, type NpmProgram } from './npm-program.ts'
import { npmProjectFile } from './npm-project-file.ts'
import { isNpmCredential, namesNpmKeyFile } from './npmrc.ts'

/** What npm's own configuration says, as far as a registry needs it. */
export interface NpmConfig {
  /** The layers, the one that wins first. Credentials that may not be used are in none of them. */
  readonly layers: readonly NpmLayer[]
  /** The winning setting of a key. */
  find(key: string): NpmSetting | undefined
  /** Its value as a text; `undefined` for none, for `false` and for `null`. */
  get(key: string): string | undefined
}

export interface NpmConfigRequest {
  readonly platform: Platform
  readonly root: string
  readonly signal: AbortSignal
  readonly timeoutMs: number
}

/** Of one `.npmrc`. */
const MAX_BYTES = 1024 * 1024

/**
 * Reads npm's configuration from every place that npm reads it from. Without trust no variable is filled in for the
 * project's file and no credential of the user is in it: what the project's file says word for word is its own.
 * @throws NOT_TRUSTED when the project's file is no longer what the trust was given for
 */
export async function readNpmConfig(request: NpmConfigRequest): Promise<NpmConfig> {
  const isTrusted = request.platform.trust.isGiven()
  const project = await readProjectLayer(request)
  const others = await readUserLayers(request, isTrusted ? project : undefined)
  const [environment, ...files] = others
  const layers = [environment, project, ...files].filter((layer) => layer !== undefined)
  return configOf(isTrusted ? layers : layers.map(withoutLogins))
}

/**
 * The layers of the user and of this machine, told without a project and without running anything. `isComplete`: the file
 * of the machine is known.
 */
export async function readUserNpmConfig(platform: Platform): Promise<NpmConfig & { readonly isComplete: boolean }> {
  const signal = new AbortController().signal
  const root = parse(homeOf(platform.env) || '/').root
  const layers = await readUserLayers({ platform, root, signal, timeoutMs: 0 }, undefined, { asksNpm: false })
  return { ...configOf(layers), isComplete: layers.every(({ source }) => source !== NOT_ASKED) }
}

function configOf(layers: readonly NpmLayer[]): NpmConfig {
  const find = (key: string) => layers.find(({ settings }) => settings.has(key))?.settings.get(key)
  const get = (key: string) => {
    const value = find(key)?.value
    if (value === undefined || value === null || value === false) return undefined
    return typeof value === 'object' ? value.join(',') : String(value)
  }
  return { layers, find, get }
}

async function readProjectLayer({ platform, root }: NpmConfigRequest): Promise<NpmLayer | undefined> {
  const file = await npmProjectFile(root, platform.files)
  // Npm takes the user's file for the user's only.
  if (file === userFileOf(platform.env, layerOfVariables(contextOf(platform.env, root)))) return undefined
  const bytes = (await platform.files.read(file, MAX_BYTES)) ?? new Uint8Array()
  const isTrusted = platform.trust.isGiven()
  if (isTrusted && !platform.trust.coversFile(file, bytes)) {
    throw notTrusted(`${file} changed since this folder was trusted and was not used`)
  }
  const context = { ...contextOf(platform.env, dirname(file)), ...(isTrusted ? {} : { env: {} }) }
  return { kind: 'project', source: file, settings: layerOfText(new TextDecoder().decode(bytes), context) }
}

/** The environment first, then the user's file, the one of this machine, and what came with npm. */
async function readUserLayers(
  request: NpmConfigRequest,
  project: NpmLayer | undefined,
  { asksNpm = true }: { readonly asksNpm?: boolean } = {},
): Promise<readonly NpmLayer[]> {
  const { platform, root } = request
  const context = contextOf(platform.env, root)
  const environment: NpmLayer = {
    kind: 'environment',
    source: 'the environment',
    settings: layerOfVariables(context),
  }
  const program = programs.get(platform, '') ?? (await findNpmProgram(platform))
  programs.set(platform, '', program)
  const builtin = await readLayer('builtin', program.builtinFile, platform, context)
  const outer = [environment, ...(project ? [project] : [])]
  const userFile = pathIn('userconfig', [...outer, builtin]) ?? userFileOf(platform.env, environment.settings)
  const user = await readLayer('user', userFile, platform, context)
  const inner = [...outer, user, builtin]
  const { file, why } = knownGlobalFile(inner, program) ?? (asksNpm ? await queryGlobalFile(request) : UNKNOWN_FILE)
  const global = await readLayer('global', file, platform, context)
  return [environment, user, why === undefined ? global : { ...global, source: why }, builtin]
}

/** `undefined` where only npm can tell. */
function knownGlobalFile(layers: readonly NpmLayer[], program: NpmProgram): GlobalFile | undefined {
  const named = pathIn('globalconfig', layers)
  if (named !== undefined) return { file: named }
  const prefix = pathIn('prefix', layers) ?? program.prefix
  if (prefix !== undefined) return { file: resolve(prefix, 'etc/npmrc') }
  return program.isShim ? undefined : { file: undefined }
}

/** Stands for the file of the machine where nothing is run. */
const NOT_ASKED = 'the global configuration, which npm was not asked for'
const UNKNOWN_FILE: GlobalFile = { file: undefined, why: NOT_ASKED }

async function readLayer(
  kind: NpmLayer['kind'],
  file: string | undefined,
  { files }: Platform,
  context: LayerContext,
): Promise<NpmLayer> {
  const bytes = file === undefined ? undefined : await files.read(file, MAX_BYTES)
  const settings = layerOfText(bytes ? new TextDecoder().decode(bytes) : '', context)
  return { kind, source: file ?? `the ${kind} configuration`, settings }
}

function contextOf(env: Platform['env'], folder: string): LayerContext {
  return { env, home: homeOf(env), folder }
}

function homeOf(env: Platform['env']): string {
  return env['HOME'] ?? env['USERPROFILE'] ?? ''
}

function userFileOf(env: Platform['env'], variables: NpmLayer['settings']): string {
  return textOf(variables.get('userconfig')) ?? join(homeOf(env) || '/', '.npmrc')
}

function pathIn(key: string, layers: readonly NpmLayer[]): string | undefined {
  return textOf(layers.find(({ settings }) => settings.has(key))?.settings.get(key))
}

function textOf(setting: NpmSetting | undefined): string | undefined {
  return typeof setting?.value === 'string' && setting.value !== '' ? setting.value : undefined
}

/** Credentials of the user, and those of the project that lead to a file or to a variable, are left out. */
function withoutLogins(layer: NpmLayer): NpmLayer {
  const isOwn = (key: string, { missing }: NpmSetting) =>
    layer.kind === 'project' && missing.length === 0 && !namesNpmKeyFile(key)
  const settings = [...layer.settings].filter(([key, setting]) => !isNpmCredential(key) || isOwn(key, setting))
  return { ...layer, settings: new Map(settings) }
}

const programs = createProcessMemory<NpmProgram>()
const globalFiles = createProcessMemory<GlobalFile>()

interface GlobalFile {
  readonly file: string | undefined
  /** Why it is not known. */
  readonly why?: string
}

/**
 * What a version manager's npm says; in no project, because that was read before and npm would look for updates where it
 * says. An npm that does not run has no configuration that npm would use: the others count, and it is named among them.
 */
async function queryGlobalFile({ platform, root, signal, timeoutMs }: NpmConfigRequest): Promise<GlobalFile> {
  const known = globalFiles.get(platform, '')
  if (known !== undefined) return known
  const env = { npm_config_update_notifier: 'false' }
  const args = ['config', 'get', 'globalconfig']
  const request = { file: 'npm', args, cwd: parse(root).root, env, timeoutMs, isOwnProgram: true } as const
  const answer = await platform.exec(request, signal).catch((error: unknown) => {
    if (error instanceof BagboyError && error.code.startsWith('REGISTRY_')) return error
    throw error
  })
  const found = globalFileOf(answer, platform)
  globalFiles.set(platform, '', found)
  return found
}

function globalFileOf(answer: ExecResult | BagboyError, { secrets }: Platform): GlobalFile {
  if (!(answer instanceof BagboyError) && answer.exitCode === 0) {
    return { file: new TextDecoder().decode(answer.stdout).trim() }
  }
  const said = answer instanceof BagboyError ? answer.message : `exit ${answer.exitCode}: ${answer.stderr.trim()}`
  return { file: undefined, why: `npm config get globalconfig failed: ${sanitize(secrets.mask(said), 200)}` }
}
