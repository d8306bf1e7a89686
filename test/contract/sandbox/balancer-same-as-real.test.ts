import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { perSlot, type PerSlot } from '../../../src/domain/traffic/traffic.ts'
import { startOurBalancer } from '../../support/servers/our-balancer.ts'
import { converse, missingHaproxy, startHaproxy, type RuntimeBalancer } from '../../support/servers/real/haproxy.ts'
import { countAnswers, startSlotServices } from '../../support/servers/slot-services.ts'
import { startMoodyService, type MoodyService } from '../../support/servers/moody-service.ts'
import { until } from '../../support/clocks/until.ts'

const missing = missingHaproxy()

/** Cells that carry meaning; the others are times, rates and what only one process can know. */
const CELLS =
  'pxname svname status weight act bck stot lbtot pid iid sid type check_status check_code check_rise check_fall check_health chkfail chkdown hrsp_2xx hrsp_5xx addr mode algo'.split(
    ' ',
  )

/** In this order: some change something. */
const LINES = [
  'show servers state app',
  'show servers state nothing',
  'show servers state app more',
  'show cli level',
  'get weight app/app1',
  'get weight app/nothing',
  'get weight nothing/app1',
  'get weight',
  'get weight app',
  'get weight app/',
  'set server /app1 weight 1',
  '  get   weight  app/app1 ',
  'set weight app/app1 40',
  'get weight app/app1',
  'set weight app/app1 50%',
  'get weight app/app1',
  'set weight app/app1 300%',
  'get weight app/app1',
  'set weight app/app2 50%',
  'get weight app/app2',
  'set weight app/app1 257',
  'set weight app/app1 -1',
  'set weight app/app1 -1%',
  'set weight app/app1 x',
  'set weight app/app1 5x',
  'set weight app/app1 5%x',
  'set weight app/app1',
  'set weight',
  'set server app/app1 weight 30',
  'get weight app/app1',
  'set server app/app1 weight',
  'set server app/app1 weight 1 2',
  'set server app/nothing weight 1',
  'set server nothing/app1 weight 1',
  'set server app1 weight 1',
  'set server',
  'set server app/app1 state',
  'set server app/app1 state nothing',
  'set weight static/app1 10',
  'set weight static/app1 50%',
  'set weight static/app1 0',
  'set weight static/app1 100',
  'set server app/app1 weight 7; get weight app/app1',
  'set server app/app1 state drain',
  'show servers state app',
  'show stat 3 4 -1',
  'set server app/app1 state maint',
  'show servers state app',
  'show stat 3 7 -1',
  'set server app/app2 state maint',
  'show stat -1 2 -1',
  'set server app/app1 state drain',
  'show servers state app',
  'set server app/app1 state ready',
  'set server app/app2 state ready',
  'show servers state app',
  'show servers state',
  'show stat',
  'show stat 3 4 1',
  'show stat 4 4 -1',
  'show stat 99 4 -1',
  'show stat -1 1 -1',
  'show stat nothing',
] as const

/** Of an answer that is a table only what it says, without the time since something changed. */
function meaningOf(answer: string): unknown {
  const [head = '', second = ''] = answer.split('\n')
  if (head === '1' && second.startsWith('# ')) {
    return answer.split('\n').map((line) => line.split(' ').toSpliced(9, 1))
  }
  return head.startsWith('# pxname,') ? statCells(answer) : answer
}

/** `show stat` has an asterisk at the check, `show servers state` the lowest bit of `srv_check_state`. */
function isChecking(answer: string): boolean {
  const [, head = '', ...lines] = answer.split('\n')
  const column = head.split(' ').indexOf('srv_check_state') - 1
  const isMarked = (line: string) => column >= 0 && Number(line.split(' ')[column]) % 2 === 1
  return answer.includes(',* ') || lines.some(isMarked)
}

function statCells(answer: string): readonly Readonly<Record<string, string>>[] {
  const [head = '', ...lines] = answer.split('\n')
  const columns = head.slice(2).split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    // How often a whole backend went down is not counted by ours.
    if (cells[columns.indexOf('svname')] === 'BACKEND') cells[columns.indexOf('chkdown')] = ''
    return Object.fromEntries(CELLS.map((cell) => [cell, cells[columns.indexOf(cell)] ?? '']))
  })
}

describe.skipIf(missing)(`our balancer and haproxy ${missing ?? ''}`, () => {
  const closers: (() => Promise<void>)[] = []
  let pair: { readonly ours: RuntimeBalancer; readonly real: RuntimeBalancer }
  let moody: MoodyService

  beforeAll(async () => {
    const services = await startSlotServices()
    moody = await startMoodyService()
    const check = { path: '/health', intervalMs: 50, fall: 3, rise: 2 }
    const checked = { name: 'checked', host: moody.host, weight: 0, check }
    pair = {
      ours: await startOurBalancer({ hosts: services.hosts, moreServers: [checked] }),
      real: await startHaproxy({
        hosts: services.hosts,
        more: [
          'option httpchk GET /health',
          `server checked ${moody.host} weight 0 check inter 50ms fastinter 50ms downinter 50ms fall 3 rise 2`,
        ],
      }),
    }
    closers.push(
      () => services.close(),
      () => moody.close(),
      () => pair.ours.close(),
      () => pair.real.close(),
    )
    await bothSay('checked', { status: 'UP', check_health: '4' })
  })
  afterAll(() => Promise.all(closers.map((close) => close())))

  /** Asks again while a check is under way: only HAProxy marks that, for less than a millisecond. */
  async function told({ command }: RuntimeBalancer, line: string): Promise<string> {
    let answer = await command(line)
    while (isChecking(answer)) answer = await command(line)
    return answer
  }

  async function cellsOf(balancer: RuntimeBalancer, server: string) {
    return statCells(await told(balancer, 'show stat 3 4 -1')).find(({ svname }) => svname === server) ?? {}
  }

  /** Waits until both say so of a server, and gives all that they say then. */
  async function bothSay(server: string, wanted: Readonly<Record<string, string>>) {
    const says = async (balancer: RuntimeBalancer) => {
      const cells = await cellsOf(balancer, server)
      return Object.entries(wanted).every(([name, value]) => cells[name] === value)
    }
    await until(`${server} to be ${Object.values(wanted).join(', ')}`, async () => {
      const said = await Promise.all([says(pair.ours), says(pair.real)])
      return said.every((each) => each)
    })
    return { ours: await cellsOf(pair.ours, server), real: await cellsOf(pair.real, server) }
  }

  it.each(LINES.map((line, place) => ({ line, place })))('$place give the same answer to "$line"', async ({ line }) => {
    const [ours, real] = await Promise.all([told(pair.ours, line), told(pair.real, line)])

    expect(meaningOf(ours)).toEqual(meaningOf(real))
  })

  it('have the same columns in the same places', async () => {
    const heads = await Promise.all([pair.ours, pair.real].map((each) => each.command('show stat')))
    const [ours = [], real = []] = heads.map((answer) => (answer.split('\n')[0] ?? '').split(','))

    const own = ours.filter((column) => column !== '')
    expect(own.length).toBeGreaterThan(70)
    expect(own).toEqual(real.slice(0, own.length))
  })

  it.each(['nothing', '', 'show', 'GET WEIGHT app/app1', 'get wei app/app1'])(
    'do not know the command "%s" and list what they know',
    async (line) => {
      const answers = await Promise.all([pair.ours, pair.real].map((each) => each.command(line)))
      const [ours = '', real = ''] = answers

      for (const answer of answers) expect(answer).toMatch(/^Unknown command\b.*:\n {2}\S/u)
      expect([ours.endsWith('\n\n'), real.endsWith('\n\n')]).toEqual([true, true])
    },
  )

  it('say what a server can be told, each the part that it has', async () => {
    const answers = await Promise.all([pair.ours, pair.real].map((each) => each.command('set server app/app1 nothing')))
    const [ours = '', real = ''] = answers
    const words = (text: string) => text.replace('usage: set server <backend>/<server> ', '').trim().split(' | ')

    for (const answer of answers) expect(answer).toMatch(/^usage: set server <backend>\/<server> .*\n\n$/u)
    expect(words(real)).toEqual(expect.arrayContaining(words(ours)))
  })

  it.each(['show cli level', 'set server app/app1 weight 5', 'set weight nothing', 'get weight app/app1'])(
    'let who may only look do as much: "%s"',
    async (line) => {
      const [ours, real] = await Promise.all(
        [pair.ours, pair.real].map(({ sockets }) => converse(sockets.operator, line)),
      )

      expect(ours).toEqual(real)
    },
  )

  it('take a server that fails its checks down, and bring it up again', async () => {
    moody.answerWith(500)
    const down = await bothSay('checked', { status: 'DOWN', check_status: 'L7STS', check_code: '500' })
    const stateDown = await Promise.all([pair.ours, pair.real].map((each) => told(each, 'show servers state app')))
    moody.answerWith(204)
    const up = await bothSay('checked', { status: 'UP', check_health: '4' })

    expect(down.ours).toEqual(down.real)
    expect(meaningOf(stateDown[0] ?? '')).toEqual(meaningOf(stateDown[1] ?? ''))
    expect(up.ours).toEqual(up.real)
  })

  it('see that nobody is there', async () => {
    await moody.goDown()
    const { ours, real } = await bothSay('checked', { status: 'DOWN', check_status: 'L4CON' })

    expect(ours).toEqual(real)
  })

  it('divide requests alike and count them', async () => {
    for (const balancer of [pair.ours, pair.real]) {
      await balancer.command('set server app/app1 weight 90')
      await balancer.command('set server app/app2 weight 10')
    }
    const before = await counts()

    const served = await Promise.all([pair.ours, pair.real].map(({ url }) => countAnswers(url, 200)))

    const after = await counts()
    const [ours, real] = after.map((each, place) => perSlot((slot) => each[slot] - (before[place]?.[slot] ?? 0)))
    for (const each of served) expect(Math.abs(each.green - 20)).toBeLessThanOrEqual(2)
    expect([ours, real]).toEqual(served)
  })

  it('answer 503 when nobody takes requests', async () => {
    const answers = []
    for (const { url, command } of [pair.ours, pair.real]) {
      for (const server of ['app1', 'app2', 'spare']) await command(`set server app/${server} state maint`)
      const answer = await fetch(url)
      const { status, headers } = answer
      answers.push([status, await answer.text(), headers.get('content-type'), headers.get('cache-control')])
      await command('set server app/spare state ready')
      answers.push((await fetch(url)).headers.get('x-slot'))
    }

    expect(answers.slice(0, 2)).toEqual(answers.slice(2))
    expect(answers[1]).toBe('blue')
  })

  async function counts(): Promise<readonly PerSlot<number>[]> {
    return Promise.all(
      [pair.ours, pair.real].map(async (each) => ({
        blue: Number((await cellsOf(each, 'app1'))['stot']),
        green: Number((await cellsOf(each, 'app2'))['stot']),
      })),
    )
  }
})
