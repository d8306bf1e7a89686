import { expect, test } from 'vitest'
import { parseOciReference } from '../../../../src/registries/oci/oci-reference.ts'

test.each([
  ['docker.io/scttfrdmn/myapp', 'https://registry-1.docker.io', 'scttfrdmn/myapp'],
  ['scttfrdmn/myapp', 'https://registry-1.docker.io', 'scttfrdmn/myapp'],
  ['docker.io/nginx', 'https://registry-1.docker.io', 'library/nginx'],
  ['nginx', 'https://registry-1.docker.io', 'library/nginx'],
  ['index.docker.io/a/b', 'https://registry-1.docker.io', 'a/b'],
  ['ghcr.io/o/r/sub', 'https://ghcr.io', 'o/r/sub'],
  ['registry.example.com:5000/app', 'https://registry.example.com:5000', 'app'],
  ['localhost/app', 'https://localhost', 'app'],
  ['[::1]:5000/app', 'https://[::1]:5000', 'app'],
])('%s is the repository %s %s', (text, origin, repository) => {
  expect(parseOciReference(text, false)).toMatchObject({ name: text, origin, repository })
})

test.each([
  '',
  'registry.example.com',
  'registry.example.com/',
  'registry.example.com/App',
  'registry.example.com/app:1.2.0',
  'registry.example.com/app@sha256:abc',
  'https://registry.example.com/app',
  'registry.example.com/../app',
  'user:secret@registry.example.com/app',
  'registry.example.com/app?x=1',
  '-registry.example.com/app',
])('refuses %j', (text) => {
  expect(() => parseOciReference(text, false)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
})

test.each(['127.0.0.1:5000/app', 'localhost:5000/app', '127.8.9.1/app', '[::1]/app'])(
  'speaks plain http to %s when it is told to',
  (text) => {
    expect(parseOciReference(text, true).origin).toBe(`http://${text.replace('/app', '')}`)
  },
)

test.each(['registry.example.com/app', '10.0.0.1:5000/app', 'localhost.example.com/app', '127.0.0.1.example.com/app'])(
  'never speaks plain http to %s',
  (text) => {
    expect(() => parseOciReference(text, true)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  },
)

test('looks for the login of Docker Hub under the name that docker uses', () => {
  expect(parseOciReference('docker.io/a/b', false).loginKeys[0]).toBe('https://index.docker.io/v1/')
  expect(parseOciReference('ghcr.io/a/b', false).loginKeys[0]).toBe('ghcr.io')
})
