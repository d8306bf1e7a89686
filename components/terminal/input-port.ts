import { EventEmitter } from 'node:events'
import { StringDecoder } from 'node:string_decoder'
import { splitKeys } from './split-keys.ts'

/** How long a lone escape byte may wait for the rest of its sequence (slow links split arrows). */
const ESCAPE_TIMEOUT_MS = 50
/** How long a terminal may take to finish a string sequence or a paste before it is dropped. */
const STRING_TIMEOUT_MS = 2000
/** Ink itself holds an escape for 20 ms; a key delivered sooner would be taken for its second byte. */
const AFTER_ESCAPE_MS = 25
/** How long keys are handed over before painting and timers get their turn. */
const SLICE_MS = 5

/** OSC, DCS, APC and a paste: they end only with their own mark. */
const STRING_STARTS = ['\u001B]', '\u001BP', '\u001B_', '\u001B[200~'] as const

export interface RawTerminal {
  readonly isTTY?: boolean
  setRawMode?(isRaw: boolean): unknown
  ref?(): unknown
  unref?(): unknown
  pause?(): unknown
  resume?(): unknown
  on(event: 'data', listener: (chunk: Uint8Array | string) => void): unknown
  off(event: 'data', listener: (chunk: Uint8Array | string) => void): unknown
}

/**
 * Stands before Ink's stdin. It hands over one key a read, in order, so that no key of a batch is lost, and nothing
 * that is not a key.
 */
export class InputPort extends EventEmitter {
  readonly isTTY = true
  readonly #source: RawTerminal
  readonly #decoder = new StringDecoder('utf8')
  readonly #queue: string[] = []
  #pending = ''
  #escapeTimer: NodeJS.Timeout | undefined
  #isPumping = false
  #isOpen = false

  constructor(source: RawTerminal) {
    super()
    this.#source = source
    // Keys that came without a reader (a suspended screen) are delivered to the next reader.
    this.on('newListener', (event) => {
      if (event === 'readable') this.#pump()
    })
  }

  setEncoding(): this {
    return this
  }

  setRawMode(isRaw: boolean): this {
    this.#source.setRawMode?.(isRaw)
    if (isRaw && !this.#isOpen) {
      this.#source.on('data', this.#receive)
      // A stream that was paused by name stays paused when a listener is added.
      this.#source.resume?.()
    }
    if (!isRaw && this.#isOpen) {
      this.#source.off('data', this.#receive)
      this.#source.pause?.()
      clearTimeout(this.#escapeTimer)
      this.#pending = ''
    }
    this.#isOpen = isRaw
    return this
  }

  ref(): this {
    this.#source.ref?.()
    return this
  }

  unref(): this {
    this.#source.unref?.()
    return this
  }

  /** The next key, or `null`: then the next one is announced by `readable`. */
  read(): string | null {
    return this.#isPumping ? null : this.#take()
  }

  readonly #receive = (chunk: Uint8Array | string): void => {
    clearTimeout(this.#escapeTimer)
    const text = typeof chunk === 'string' ? chunk : this.#decoder.write(Buffer.from(chunk))
    const { keys, pending } = splitKeys(this.#pending + text)
    this.#pending = pending
    this.#queue.push(...keys)
    if (pending !== '') {
      const isString = STRING_STARTS.some((start) => pending.startsWith(start))
      this.#escapeTimer = setTimeout(this.#giveUp, isString ? STRING_TIMEOUT_MS : ESCAPE_TIMEOUT_MS)
    }
    this.#pump()
  }

  /** A sequence that never ended: a lone escape is the Esc key, the rest is noise of the line. */
  readonly #giveUp = (): void => {
    if (this.#pending === '\u001B') this.#queue.push(this.#pending)
    this.#pending = ''
    this.#pump()
  }

  #take(): string | null {
    return this.#queue.shift() ?? null
  }

  #pump(): void {
    if (this.#isPumping || this.#queue.length === 0) return
    this.#isPumping = true
    setImmediate(this.#deliver)
  }

  readonly #deliver = (): void => {
    this.#isPumping = false
    if (this.listenerCount('readable') === 0) return
    const until = performance.now() + SLICE_MS
    let key: string | undefined
    do {
      key = this.#queue[0]
      this.#turn()
    } while (this.#queue.length > 0 && key !== '\u001B' && performance.now() < until)
    if (this.#queue.length === 0) return
    this.#isPumping = true
    if (key === '\u001B') setTimeout(this.#deliver, AFTER_ESCAPE_MS)
    else setImmediate(this.#deliver)
  }

  /** Lets the reader take exactly one key, although it reads until there is none. */
  #turn(): void {
    const later = this.#queue.splice(1)
    this.emit('readable')
    this.#queue.push(...later)
  }
}
