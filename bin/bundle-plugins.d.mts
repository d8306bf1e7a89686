import type { Plugin } from 'esbuild'

export declare const withoutDevtools: Plugin
export declare const yogaWithoutFetch: Plugin
