import { enableCompileCache } from 'node:module'

// As our own programs do it: nothing but this before the cache is on.
enableCompileCache(process.env['BENCH_COMPILE_CACHE'])
const { showHello } = await import('./hello.tsx')
showHello()
