import { BACKEND, SERVERS, type BlueGreenSite } from './blue-green.ts'

/** In the project's folder. */
export const DEPLOY_PROGRAM = 'deploy.mjs'

/** Each slot past the balancer: what counts for who is in it. */
export function slotChecksText({ slots }: BlueGreenSite): string {
  const checks = Object.entries(slots).map(
    ([slot, url]) => `    - name: login in ${slot}
      url: ${url}/login
      target: ${slot}
      interval: 2s
      timeout: 2s
`,
  )
  return checks.join('')
}

/** `blue_green` of the sandbox's `bagboy.yaml`. */
export function blueGreenText({ slots, socket, stateFile }: BlueGreenSite): string {
  return `
  blue_green:
    blue: { url: ${JSON.stringify(slots.blue)} }
    green: { url: ${JSON.stringify(slots.green)} }
    keep_previous: 1h
    deploy:
      command: [${JSON.stringify(process.execPath)}, ${DEPLOY_PROGRAM}]
      timeout: 10s
    traffic:
      provider: haproxy
      socket: ${JSON.stringify(socket)}
      backend: ${BACKEND}
      servers: { blue: ${SERVERS.blue}, green: ${SERVERS.green} }
      state_file: ${JSON.stringify(stateFile)}
      steps:
        - weight: 10
        - pause: 5s
        - analysis: [failures]
        - weight: 50
        - pause: 5s
        - weight: 100
      on_failure: revert

  metrics:
    sources:
      probes: { type: probes }
`
}

/** What the analysis of a step looks at: the share of our own checks that fail, once there are some. */
export const SLOT_ANALYSIS = `    initial_delay: 1s
    checks:
      - name: failures
        source: probes
        max: 5%
        count: 3
`

/** What `blue_green.deploy` runs: has one slot run another version. Doing it twice changes nothing more. */
export function deployProgramText({ control }: BlueGreenSite): string {
  return `// Puts BAGBOY_VERSION into BAGBOY_SLOT, as a real project would start containers there.
const { BAGBOY_SLOT: slot = '', BAGBOY_VERSION: version = '' } = process.env
const answer = await fetch(\`${control}/\${slot}\`, { method: 'PUT', body: JSON.stringify({ version }) })
const text = await answer.text()
if (answer.ok) {
  console.log(\`\${slot} runs \${version}\`)
} else {
  console.error(text.trim())
  process.exitCode = 1
}
`
}
