// Ends with 1 unless package.json names the tag and the repository of this release, as the provenance of a package must.
//   node bin/release-check.mjs v1.2.0 owner/name
import { readFileSync } from 'node:fs'

const [tag, slug] = process.argv.slice(2)
const { version, repository } = JSON.parse(readFileSync('package.json', 'utf8'))
const differences = [
  ['tag', `v${version}`, tag],
  ['repository', repository.url, `git+https://github.com/${slug}.git`],
].filter(([, declared, actual]) => declared !== actual)

for (const [name, declared, actual] of differences) {
  console.error(`release: the ${name} is ${actual}, but package.json says ${declared}`)
}
process.exitCode = differences.length === 0 ? 0 : 1
