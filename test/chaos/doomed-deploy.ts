// Deploys, or goes on with the deploy that is open, and dies: `node doomed-deploy.ts ROOT VERSION WHERE`. Where: the name of a failpoint, or `command:N`, right before
// the Nth command that changes something at the runtime API, or `before:N`, `after:N`, of the Nth record. Prints its events, one a line.
import { openApp } from '../../src/app.ts'
import { createNodePlatform } from '../../src/platform/node/create-platform.ts'
import type { Exchange, Platform } from '../../src/platform/platform.ts'

const [, , root = '', version = '', where = ''] = process.argv
const die = (): never => {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('it should be dead')
}
globalThis.bagboyFailpoint = (name) => {
  if (name === where) die()
}
const platform = createNodePlatform()
let [count, records] = [0, 0]
const exchange: Exchange = (request, signal) => {
  if (request.send.startsWith('set ')) {
    count += 1
    if (where === `command:${count}`) die()
  }
  return platform.exchange(request, signal)
}
const openAppend: Platform['files']['openAppend'] = async (path) => {
  const file = await platform.files.openAppend(path)
  return {
    ...file,
    async append(bytes) {
      records += 1
      if (where === `before:${records}`) die()
      await file.append(bytes)
      if (where === `after:${records}`) die()
    },
  }
}
const files = { ...platform.files, openAppend }
const { engine } = await openApp({ ...platform, exchange, files }, { cwd: root })
const [open] = await engine.openDeploys()
const start = async () => engine.deploy(await engine.planDeploy({ version, commit: 'abc1234', reason: 'doomed' }))
const handle = open ? engine.resumeDeploy(open.id) : await start()
for await (const event of handle) process.stdout.write(`${JSON.stringify(event)}\n`)
const { exitCode } = await handle.result
process.exitCode = exitCode
