// Loaded into the program before its own first line (node --import): wall clock, host, user and chance stand still, so
// that a recording differs from the last one only where a screen does.
import crypto from 'node:crypto'
import { readFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import os from 'node:os'

const clockFile = process.env['RECORDING_CLOCK'] ?? ''
const { toISOString } = Date.prototype

/** Only the text of the present: timers and frames count with the real time. */
// eslint-disable-next-line no-extend-native -- the program under recording is the shipped one, it has no other way in
Date.prototype.toISOString = function () {
  const isPresent = Math.abs(this.getTime() - Date.now()) < 60_000
  return isPresent ? readFileSync(clockFile, 'utf8') : toISOString.call(this)
}

const { userInfo } = os
os.hostname = () => 'bastion'
os.userInfo = ((options: Parameters<typeof userInfo>[0]) => ({
  ...userInfo(options),
  username: 'oncall',
})) as typeof userInfo

let drawn = 0
// The step is prime, so that the digits of an id look as different as drawn ones.
crypto.randomInt = (max: number) => Math.floor((((drawn += 1) * 7919) % 10_007) * (max / 10_007))

syncBuiltinESMExports()
