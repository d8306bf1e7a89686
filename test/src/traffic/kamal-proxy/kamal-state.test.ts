import { describe, expect, test } from 'vitest'
import { readKamalList, readKamalState } from '../../../../src/traffic/kamal-proxy/kamal-state.ts'

const esc = '\u001b'
const bold = (text: string): string => `${esc}[1;34m${text}${esc}[0m`
const head = `${esc}[3;94mService${esc}[0m    ${esc}[3;94mHost${esc}[0m             ${esc}[3;94mPath${esc}[0m  ${esc}[3;94mTarget${esc}[0m         ${esc}[3;94mState${esc}[0m    ${esc}[3;94mTLS${esc}[0m  \n`

describe('the table of kamal-proxy', () => {
  test('gives target and state of a service, without its colours', () => {
    const table = `${head}${bold('app')}        app.example.com  /     app-blue:3000  running  yes  \n`

    expect(readKamalList(table, 'app')).toEqual({ target: 'app-blue:3000', state: 'running' })
  })

  test('is read from the right where a cell is empty', () => {
    expect(
      readKamalList(`${head}${bold('app')}        *                      app-blue:3000  paused   no   \n`, 'app'),
    ).toEqual({
      target: 'app-blue:3000',
      state: 'paused',
    })
  })

  test('does not have every service, and may be no table at all', () => {
    expect(readKamalList(head, 'app')).toBeNull()
    expect(readKamalList('Usage:\n  kamal-proxy [command]\n', 'app')).toBeUndefined()
    expect(readKamalList('', 'app')).toBeUndefined()
  })
})

describe('the state of kamal-proxy', () => {
  test('tells how far a rollout is', () => {
    const service = {
      name: 'app',
      active_targets: ['app-blue:3000'],
      rollout_targets: ['app-green:3000'],
      rollout_controller: { percentage: 10, percentage_split_point: 1, allowlist: ['me', 'you'] },
    }

    expect(readKamalState([{ name: 'other' }, service], 'app')).toEqual({
      active: 'app-blue:3000',
      rollout: 'app-green:3000',
      percent: 10,
      namedCount: 2,
    })
  })

  test('knows of no rollout that was never begun', () => {
    const service = { name: 'app', active_targets: ['a'], rollout_targets: null, rollout_controller: null }

    expect(readKamalState([service], 'app')).toEqual({ active: 'a', rollout: null, percent: null, namedCount: 0 })
    expect(readKamalState([service], 'other')).toBeNull()
  })

  test.each([[undefined], [null], [{}], [[{ name: 7 }]], ['half of the fi']])('is not %j', (value) => {
    expect(readKamalState(value, 'app')).toBeUndefined()
  })
})
